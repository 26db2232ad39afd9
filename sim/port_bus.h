/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "sim:i2c:..." as a port, opened by port_sim.c. */
#ifndef SIM_PORT_BUS_H
#define SIM_PORT_BUS_H

#include "port.h"

struct sim_config;

/* Same contract as port_ops.open. */
enum port_err sim_bus_open(const struct port_settings *settings,
			   const struct sim_config *config, struct port **out,
			   struct problem *why);

#endif
