/* SPDX-License-Identifier: MIT */
/* Runs a list of tests, each again and again with 0, 1, 2 ... allocations allowed. */
#ifndef AW_TESTS_STARVE_H
#define AW_TESTS_STARVE_H
#include "aw/status.h"
#include "check.h"
#include "mem.h"

typedef struct {
    const char *name;
    aw_status (*run)(void);
} starve_test;

static inline int starve(const starve_test *tests, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CHECK(tests[i].run() == AW_OK);
        int allowed = 0;
        for (aw_status err = AW_ENOMEM; err; allowed++) {
            aw_test_fail_alloc_after(allowed);
            err = tests[i].run();
            CHECK(err == AW_OK || err == AW_ENOMEM);
        }
        aw_test_fail_alloc_after(-1);
        printf("ok %s (%d allocations starved)\n", tests[i].name, allowed - 1);
    }
    return 0;
}
#endif
