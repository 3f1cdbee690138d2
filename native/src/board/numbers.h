/* SPDX-License-Identifier: MIT */
/* The numbers of QHI 1.1 (docs/reference/qhi.md) that only the board's core needs. */
#ifndef AW_BOARD_NUMBERS_H
#define AW_BOARD_NUMBERS_H

enum { QHI_MAJOR = 1, QHI_MINOR = 1 };

enum { QHI_ACK_WANTED = 1, QHI_RETRANSMIT = 4, QHI_SCHEDULED = 16 };

enum { QHI_BOARD = 0xff }; /* the port that is the board itself */

enum { QHI_SYS = 0, QHI_ID = 1, QHI_FW = 2, QHI_PORT = 3, QHI_TDM = 4, QHI_CLK = 5, QHI_TEST = 7 };

enum {
    SYS_NOP = 0,
    SYS_IDENTIFY = 1,
    SYS_TIME = 2,
    SYS_RESET = 3,
    SYS_WATCHDOG = 4,
    SYS_KICK = 5,
    SYS_SELFTEST = 6,
    SYS_LOG_LEVEL = 7,
    SYS_COUNTERS = 8,
    SYS_CLEAR_COUNTERS = 9,
    SYS_QUIET = 10,
    SYS_STATE = 11,
    SYS_METER = 12
};

enum { ID_READ = 0, ID_INFO = 1, ID_WRITE = 2, ID_LOCK = 3 };

enum {
    TDM_PATTERN = 3,
    TDM_LOOPBACK = 4,
    TDM_PRBS_START = 5,
    TDM_PRBS_STOP = 6,
    TDM_PRBS_RESULT = 7
};

enum { CLK_START = 0, CLK_STOP = 1, CLK_QUERY = 2, CLK_ROLE = 3, CLK_ADJUST = 4 };

enum {
    FW_BEGIN = 0,
    FW_WRITE = 1,
    FW_VERIFY = 2,
    FW_ACTIVATE = 3,
    FW_ROLLBACK = 4,
    FW_BOOT_INFO = 5
};

enum { TEST_START = 0, TEST_RESULT = 1, TEST_STOP = 2, TEST_METER = 3 };

enum {
    PORT_STATE = 0,
    PORT_LINEFEED = 1,
    PORT_RING = 2,
    PORT_RING_STOP = 3,
    PORT_OPEN_LOOP = 4,
    PORT_HOOK = 5,
    PORT_FLASH = 6,
    PORT_PULSE = 7,
    PORT_GAIN = 8,
    PORT_IMPEDANCE = 9,
    PORT_FLASH_WINDOW = 10,
    PORT_MONITOR = 11,
    PORT_METER = 12,
    PORT_MESSAGE_LAMP = 13
};

enum { EVENT_EVENTS_LOST = 1, EVENT_SYS_ALARM = 2 }; /* of SYS */

enum { /* of PORT */
       EVENT_STATE = 1,
       EVENT_HOOK = 2,
       EVENT_FLASH = 3,
       EVENT_PULSE_DIGIT = 4,
       EVENT_RINGING = 5,
       EVENT_POLARITY = 6,
       EVENT_BATTERY = 7,
       EVENT_PULSES_SENT = 8,
       EVENT_RING_TRIP = 9,
       EVENT_PORT_ALARM = 10
};

enum { EVENT_UNDERRUN = 1, EVENT_SLIP = 2 }; /* of CLK */

enum { EVENT_TEST_RESULT = 1 }; /* of TEST */

enum { ALARM_HAZARD = 2 }; /* of a port */

enum { SEVERITY_INFORMATION = 0, SEVERITY_WARNING = 2, SEVERITY_ALARM = 3 };

enum { STATE_OFF_HOOK = 1, STATE_RINGING = 2, STATE_BATTERY = 4, STATE_REVERSED = 8 };

enum {
    FEATURE_IDENTIFY = 1 << 0,
    FEATURE_WATCHDOG = 1 << 2,
    FEATURE_SELFTEST = 1 << 3,
    FEATURE_EEPROM_WRITE = 1 << 4,
    FEATURE_FIRMWARE = 1 << 5,
    FEATURE_LINE_TEST = 1 << 8,
    FEATURE_CLOCK_ADJUST = 1 << 12,
    FEATURE_PATTERNS = 1 << 14
};

enum { BULK_READ = 0, BULK_PART = 1, BULK_REFUSED = 2, BULK_DICTIONARY = 0 };

enum {
    COUNT_FRAMES_IN,
    COUNT_FRAMES_BAD,
    COUNT_FRAMES_OUT,
    COUNT_PCM_IN,
    COUNT_PCM_OUT,
    COUNT_UNDERRUNS,
    COUNT_SLIPS,
    COUNT_EVENTS_SENT,
    COUNT_EVENTS_RESENT,
    COUNT_EVENTS_LOST,
    COUNT_REQUESTS,
    COUNT_REQUESTS_REPLAYED,
    COUNT_PCM_MISSING,
    COUNT_PCM_LATE,
    COUNTERS
};
#endif
