/* SPDX-License-Identifier: GPL-2.0-or-later */
/* These programs test real transports: leaves every name to them. */
#include "port.h"

#include <stddef.h>

static enum port_err no_open(const struct port_settings *settings,
			     struct port **out, struct problem *why)
{
	(void)settings;
	(void)why;
	*out = NULL;
	return PORT_NODEV;
}

const struct port_ops sim_port_ops = { .name = "sim", .open = no_open };
const struct port_ops tcp_port_ops = { .name = "tcp", .open = no_open };
const struct port_ops rfc2217_port_ops = { .name = "rfc2217",
					   .open = no_open };
const struct port_ops replay_port_ops = { .name = "replay", .open = no_open };
