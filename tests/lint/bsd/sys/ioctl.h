/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ../termios.h. The numbers contain the size of the argument. */
#ifndef BSD_SYS_IOCTL_H
#define BSD_SYS_IOCTL_H

#define BSD_IOC(direction, group, number, size)	\
	((direction) | ((size) & 0x1FFFul) << 16 | (group) << 8 | (number))
#define _IO(group, number) BSD_IOC(0x20000000ul, group, number, 0)
#define _IOR(group, number, type) \
	BSD_IOC(0x40000000ul, group, number, sizeof(type))
#define _IOW(group, number, type) \
	BSD_IOC(0x80000000ul, group, number, sizeof(type))

#define TIOCEXCL _IO('t', 13)
#define TIOCNXCL _IO('t', 14)
#define TIOCMBIC _IOW('t', 107, int)
#define TIOCMBIS _IOW('t', 108, int)
#define TIOCOUTQ _IOR('t', 115, int)
#define TIOCCBRK _IO('t', 122)
#define TIOCSBRK _IO('t', 123)

#define TIOCM_DTR 0002
#define TIOCM_RTS 0004

int ioctl(int, unsigned long, ...);

#define TIOCGWINSZ 0x40087468UL

struct winsize {
	unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel;
};

#endif
