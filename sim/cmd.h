/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handlers for the packets of the commands in commands.c, and for the end
 * of a command: struct command has the details.
 */
#ifndef SIM_CMD_H
#define SIM_CMD_H

#include "dev_table.h"
#include "sim/command.h"

/* cmd_memory.c: Read Memory, Go, Write Memory */
enum verdict cmd_take_read_address(struct sim *sim);
enum verdict cmd_take_read_count(struct sim *sim);
void cmd_finish_read(struct sim *sim);
enum verdict cmd_take_go_address(struct sim *sim);
void cmd_finish_go(struct sim *sim);
enum verdict cmd_take_write_address(struct sim *sim);
enum verdict cmd_take_write_data(struct sim *sim);
void cmd_finish_write(struct sim *sim);

/* cmd_erase.c: Erase, Extended Erase */
bool cmd_defect_applies(const struct sim *sim,
			const struct dev_defect *defect);
enum verdict cmd_take_pages8(struct sim *sim);
enum verdict cmd_take_pages16(struct sim *sim);
enum verdict cmd_take_page_count(struct sim *sim);	/* I2C */
enum verdict cmd_take_page_list(struct sim *sim);

/* cmd_protect.c: write and readout protection */
enum verdict cmd_take_units(struct sim *sim);
enum verdict cmd_take_unit_count(struct sim *sim);	/* I2C */
enum verdict cmd_take_unit_list(struct sim *sim);
void cmd_finish_by_reset(struct sim *sim);
void cmd_finish_write_unprotect(struct sim *sim);
void cmd_finish_readout_protect(struct sim *sim);
void cmd_finish_readout_unprotect(struct sim *sim);

#endif
