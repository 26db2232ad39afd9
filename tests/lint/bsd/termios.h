/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The declarations that the sources need from <termios.h> of macOS and the
 * BSDs, for bsd.sh: a speed is a plain number, of different width on each.
 */
#ifndef BSD_TERMIOS_H
#define BSD_TERMIOS_H

#ifdef __APPLE__
typedef unsigned long tcflag_t;
typedef unsigned long speed_t;
#else
typedef unsigned int tcflag_t;
typedef unsigned int speed_t;
#endif
typedef unsigned char cc_t;

#define NCCS 20
struct termios {
	tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
	cc_t c_cc[NCCS];
	speed_t c_ispeed, c_ospeed;
};

#define VMIN 16
#define VTIME 17

#define PARMRK 0x00000008
#define INPCK 0x00000010
#define CSIZE 0x00000300
#define CS5 0x00000000
#define CS6 0x00000100
#define CS7 0x00000200
#define CS8 0x00000300
#define CSTOPB 0x00000400
#define CREAD 0x00000800
#define PARENB 0x00001000
#define PARODD 0x00002000
#define HUPCL 0x00004000
#define CLOCAL 0x00008000
#define CRTSCTS 0x00030000

#define B1200 1200
#define B2400 2400
#define B4800 4800
#define B9600 9600
#define B19200 19200
#define B38400 38400
#define B57600 57600
#define B115200 115200
#define B230400 230400

#define TCSANOW 0
#define TCSADRAIN 1
#define TCIFLUSH 1
#define TCOFLUSH 2

speed_t cfgetospeed(const struct termios *);
int cfsetspeed(struct termios *, speed_t);
int tcflush(int, int);
int tcgetattr(int, struct termios *);
int tcsetattr(int, int, const struct termios *);

#endif
