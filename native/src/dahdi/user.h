/* SPDX-License-Identifier: MIT */
/* DAHDI's interface to programs, as far as it is used here: numbers and layouts of its 2.11 on
 * 64-bit Linux, the same since 2.3.  Kernel behaviour behind them: docs/topics/dahdi.md. */
#ifndef AW_SRC_DAHDI_USER_H
#define AW_SRC_DAHDI_USER_H
#include <stdint.h>

enum {
    DAHDI_SPECIFY = 0x4004DA26,
    DAHDI_GET_PARAMS = (int)0xC088DA05,
    DAHDI_SET_PARAMS = 0x4088DA05,
    DAHDI_SET_BUFINFO = 0x4018DA1B,
    DAHDI_BUFFER_EVENTS = 0x4004DA69,
    DAHDI_SETLINEAR = 0x4004DA28,
    DAHDI_ECHOCANCEL = 0x4004DA21,
    DAHDI_GETEVENT = (int)0x8004DA08,
    DAHDI_HOOK = 0x4004DA07,
    DAHDI_DIAL = 0x4104DA1F,
    DAHDI_SETCADENCE = 0x4040DA2A,
    DAHDI_ONHOOKTRANSFER = 0x4004DA33,
    DAHDI_SETPOLARITY = 0x4004DA5C,
    DAHDI_VMWI = (int)0xC004DA5E,
    DAHDI_GETVERSION = (int)0x80A0DA39,
    DAHDI_LOADZONE = 0x4070DA19,
    DAHDI_DEFAULTZONE = 0x4004DA18,
    DAHDI_SETTONEZONE = 0x4004DA16,
    WCTDM_GET_STATS = (int)0x800CDA3C
};

enum { DAHDI_ELAST = 500, /* "read" and "write": an event is waiting */ DAHDI_CADENCE_STEPS = 16 };

enum {
    SIG_FXSLS = 1 | 1 << 13, /* named after what is at the other end: these are our FXO ports */
    SIG_FXSGS = 2 | 1 << 13,
    SIG_FXSKS = 4 | 1 << 13,
    SIG_FXOLS = 8 | 1 << 12, /* and these our FXS ports */
    SIG_FXOGS = 16 | 1 << 12,
    SIG_FXOKS = 32 | 1 << 12
};

enum dahdi_hook {
    HOOK_ORDER_ONHOOK = 0,
    HOOK_ORDER_OFFHOOK = 1,
    HOOK_ORDER_FLASH = 3,
    HOOK_ORDER_RING = 5,
    HOOK_ORDER_RINGOFF = 6
};

enum { RXSIG_ONHOOK = 0, RXSIG_OFFHOOK = 1, RXSIG_RING = 3, RXSIG_INITIAL = 4 };

enum {
    DAHDI_EVENT_NONE = 0,
    DAHDI_EVENT_ONHOOK = 1,
    DAHDI_EVENT_RINGOFFHOOK = 2,
    DAHDI_EVENT_WINKFLASH = 3,
    DAHDI_EVENT_ALARM = 4,
    DAHDI_EVENT_NOALARM = 5,
    DAHDI_EVENT_DIALCOMPLETE = 9,
    DAHDI_EVENT_RINGERON = 10,
    DAHDI_EVENT_RINGEROFF = 11,
    DAHDI_EVENT_HOOKCOMPLETE = 12,
    DAHDI_EVENT_PULSE_START = 14,
    DAHDI_EVENT_POLARITY = 17,
    DAHDI_EVENT_RINGBEGIN = 18,
    DAHDI_EVENT_REMOVED = 20,
    DAHDI_EVENT_READ_OVERRUN = 29,
    DAHDI_EVENT_WRITE_UNDERRUN = 30,
    DAHDI_EVENT_PULSEDIGIT = 1 << 16
};

struct dahdi_params {
    int32_t channo;
    int32_t spanno;
    int32_t chanpos;
    int32_t sigtype;
    int32_t sigcap;
    int32_t rxisoffhook;
    int32_t rxbits;
    int32_t txbits;
    int32_t txhooksig;
    int32_t rxhooksig;
    int32_t curlaw;
    int32_t idlebits;
    char name[40];
    int32_t prewinktime;
    int32_t preflashtime;
    int32_t winktime;
    int32_t flashtime;
    int32_t starttime;
    int32_t rxwinktime;
    int32_t rxflashtime;
    int32_t debouncetime;
    int32_t pulsebreaktime;
    int32_t pulsemaketime;
    int32_t pulseaftertime;
    uint32_t chan_alarms;
};
_Static_assert(sizeof(struct dahdi_params) == 136, "as in the number of GET_PARAMS");

struct dahdi_bufinfo {
    int32_t txbufpolicy; /* 0: play at once */
    int32_t rxbufpolicy;
    int32_t numbufs;
    int32_t bufsize; /* samples */
    int32_t readbufs;
    int32_t writebufs;
};

struct dahdi_dial {
    int32_t op; /* 2: in the place of what is being dialled */
    char digits[256];
};

struct dahdi_zone {
    int32_t count; /* of tones that follow */
    int32_t zone;
    int32_t ringcadence[DAHDI_CADENCE_STEPS];
    char name[40];
};
_Static_assert(sizeof(struct dahdi_zone) == 112, "as in the number of LOADZONE");

struct dahdi_version {
    char version[80];
    char echo_canceller[80];
};

struct wctdm_stats {
    int32_t tip_mv;
    int32_t ring_mv;
    int32_t battery_mv;
};
#endif
