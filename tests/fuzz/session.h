/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole program, from its command line to its exit status, with a device
 * that lies. The first bytes of the input select the part, the job and the
 * image (scene.h); the rest selects when and how the device lies
 * (hostile_port.h).
 */
#ifndef SESSION_H
#define SESSION_H

#include <stddef.h>
#include <stdint.h>

/* rom: part of the specification of a device, ",rom=worst", or "". */
void session_try(const uint8_t *bytes, size_t len, const char *rom);

#endif
