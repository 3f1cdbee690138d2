/* SPDX-License-Identifier: MIT */
/* The memory of one board, for `make size` to weigh. */
#include "board/board.h"

struct aw_board board_memory;
