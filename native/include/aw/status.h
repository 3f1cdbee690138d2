/* SPDX-License-Identifier: MIT */
#ifndef AW_STATUS_H
#define AW_STATUS_H
/* cffi: begin */
/** Result of every call that can fail: 0 is success, negatives are errors. */
typedef enum {
    AW_OK = 0,
    AW_EINVAL = -1, /**< an argument is NULL or out of its documented range */
    AW_ENOMEM = -2, /**< no memory; nothing was changed */
    AW_EFULL = -3,  /**< the fixed-size table or queue is full; nothing was changed */
    AW_EIO = -4,    /**< the operating system refused; nothing was changed */
    AW_ESTATE = -5, /**< not possible in this state; nothing was changed */
} aw_status;
/* cffi: end */
#endif
