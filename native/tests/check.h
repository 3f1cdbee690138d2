/* SPDX-License-Identifier: MIT */
/* A test is a function returning aw_status; CHECK fails it with a place and a reason. */
#ifndef AW_CHECK_H
#define AW_CHECK_H
#include <stdio.h>
#include <stdlib.h>
#define CHECK(cond)                                                                                \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            fprintf(stderr, "%s:%d: %s: CHECK(%s)\n", __FILE__, __LINE__, __func__, #cond);        \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)
#endif
