/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program to write to an STM32F103, real or simulated: blinks PC13, sends a
 * greeting at USART1 and checks that it arrived undamaged. Registers and bits
 * by RM0008 and the ARMv6-M manual; the Cortex-M3 runs the same instructions.
 */
#include <stddef.h>
#include <stdint.h>

#define RCC_CFGR     reg(0x40021004)
#define RCC_APB2ENR  reg(0x40021018)
#define GPIOA_CRH    reg(0x40010804)
#define GPIOC_CRH    reg(0x40011004)
#define GPIOC_BSRR   reg(0x40011010)
#define USART1_SR    reg(0x40013800)
#define USART1_DR    reg(0x40013804)
#define USART1_BRR   reg(0x40013808)
#define USART1_CR1   reg(0x4001380c)
#define USART1_CR2   reg(0x40013810)
#define SYST_CSR     reg(0xe000e010)
#define SYST_RVR     reg(0xe000e014)
#define SYST_CVR     reg(0xe000e018)

#define CLOCKS_ON    (1u << 2 | 1u << 4 | 1u << 14)	/* GPIOA, C, USART1 */
#define SR_RXNE      (1u << 5)
#define SR_TXE       (1u << 7)
#define CR1_ON       (1u << 13 | 1u << 3 | 1u << 2)	/* UE, TE, RE */
#define LED_OFF      (1u << 13)		/* PC13 high: the LED is connected to
					 * 3.3 V */
#define LED_ON       (1u << 29)

#define CLOCK_HZ     8000000u		/* the internal oscillator */
#define BAUD         115200u
#define TICK_HZ      100u
#define BLINK_TICKS  50u

#define HELLO_LINES  3
#define WAVE_LINES   8
#define WAVE_WIDTH   48

/* The result of crc32() for the tables below. After a change of the tables,
 * enter the value that the self-test prints. */
#define TABLES_CRC   0xa133b162u

static volatile uint32_t *at(uint32_t address)
{
	return (volatile uint32_t *)(uintptr_t)address;
}

#define reg(address) (*at(address))

void tick(void);	/* vector 15, SysTick */
int main(void);

/* One object, so that the order does not depend on the compiler. */
static const struct {
	int16_t sine[512];	/* one period, 32767 is 1 */
	uint32_t crc[256];	/* CRC-32, reflected 04C11DB7, by byte */
	char help[768];
} tables = {
	.sine = {
		0, 402, 804, 1206, 1608, 2009, 2410, 2811,
		3212, 3612, 4011, 4410, 4808, 5205, 5602, 5998,
		6393, 6786, 7179, 7571, 7962, 8351, 8739, 9126,
		9512, 9896, 10278, 10659, 11039, 11417, 11793, 12167,
		12539, 12910, 13279, 13645, 14010, 14372, 14732, 15090,
		15446, 15800, 16151, 16499, 16846, 17189, 17530, 17869,
		18204, 18537, 18868, 19195, 19519, 19841, 20159, 20475,
		20787, 21096, 21403, 21705, 22005, 22301, 22594, 22884,
		23170, 23452, 23731, 24007, 24279, 24547, 24811, 25072,
		25329, 25582, 25832, 26077, 26319, 26556, 26790, 27019,
		27245, 27466, 27683, 27896, 28105, 28310, 28510, 28706,
		28898, 29085, 29268, 29447, 29621, 29791, 29956, 30117,
		30273, 30424, 30571, 30714, 30852, 30985, 31113, 31237,
		31356, 31470, 31580, 31685, 31785, 31880, 31971, 32057,
		32137, 32213, 32285, 32351, 32412, 32469, 32521, 32567,
		32609, 32646, 32678, 32705, 32728, 32745, 32757, 32765,
		32767, 32765, 32757, 32745, 32728, 32705, 32678, 32646,
		32609, 32567, 32521, 32469, 32412, 32351, 32285, 32213,
		32137, 32057, 31971, 31880, 31785, 31685, 31580, 31470,
		31356, 31237, 31113, 30985, 30852, 30714, 30571, 30424,
		30273, 30117, 29956, 29791, 29621, 29447, 29268, 29085,
		28898, 28706, 28510, 28310, 28105, 27896, 27683, 27466,
		27245, 27019, 26790, 26556, 26319, 26077, 25832, 25582,
		25329, 25072, 24811, 24547, 24279, 24007, 23731, 23452,
		23170, 22884, 22594, 22301, 22005, 21705, 21403, 21096,
		20787, 20475, 20159, 19841, 19519, 19195, 18868, 18537,
		18204, 17869, 17530, 17189, 16846, 16499, 16151, 15800,
		15446, 15090, 14732, 14372, 14010, 13645, 13279, 12910,
		12539, 12167, 11793, 11417, 11039, 10659, 10278, 9896,
		9512, 9126, 8739, 8351, 7962, 7571, 7179, 6786,
		6393, 5998, 5602, 5205, 4808, 4410, 4011, 3612,
		3212, 2811, 2410, 2009, 1608, 1206, 804, 402,
		0, -402, -804, -1206, -1608, -2009, -2410, -2811,
		-3212, -3612, -4011, -4410, -4808, -5205, -5602, -5998,
		-6393, -6786, -7179, -7571, -7962, -8351, -8739, -9126,
		-9512, -9896, -10278, -10659, -11039, -11417, -11793, -12167,
		-12539, -12910, -13279, -13645, -14010, -14372, -14732, -15090,
		-15446, -15800, -16151, -16499, -16846, -17189, -17530, -17869,
		-18204, -18537, -18868, -19195, -19519, -19841, -20159, -20475,
		-20787, -21096, -21403, -21705, -22005, -22301, -22594, -22884,
		-23170, -23452, -23731, -24007, -24279, -24547, -24811, -25072,
		-25329, -25582, -25832, -26077, -26319, -26556, -26790, -27019,
		-27245, -27466, -27683, -27896, -28105, -28310, -28510, -28706,
		-28898, -29085, -29268, -29447, -29621, -29791, -29956, -30117,
		-30273, -30424, -30571, -30714, -30852, -30985, -31113, -31237,
		-31356, -31470, -31580, -31685, -31785, -31880, -31971, -32057,
		-32137, -32213, -32285, -32351, -32412, -32469, -32521, -32567,
		-32609, -32646, -32678, -32705, -32728, -32745, -32757, -32765,
		-32767, -32765, -32757, -32745, -32728, -32705, -32678, -32646,
		-32609, -32567, -32521, -32469, -32412, -32351, -32285, -32213,
		-32137, -32057, -31971, -31880, -31785, -31685, -31580, -31470,
		-31356, -31237, -31113, -30985, -30852, -30714, -30571, -30424,
		-30273, -30117, -29956, -29791, -29621, -29447, -29268, -29085,
		-28898, -28706, -28510, -28310, -28105, -27896, -27683, -27466,
		-27245, -27019, -26790, -26556, -26319, -26077, -25832, -25582,
		-25329, -25072, -24811, -24547, -24279, -24007, -23731, -23452,
		-23170, -22884, -22594, -22301, -22005, -21705, -21403, -21096,
		-20787, -20475, -20159, -19841, -19519, -19195, -18868, -18537,
		-18204, -17869, -17530, -17189, -16846, -16499, -16151, -15800,
		-15446, -15090, -14732, -14372, -14010, -13645, -13279, -12910,
		-12539, -12167, -11793, -11417, -11039, -10659, -10278, -9896,
		-9512, -9126, -8739, -8351, -7962, -7571, -7179, -6786,
		-6393, -5998, -5602, -5205, -4808, -4410, -4011, -3612,
		-3212, -2811, -2410, -2009, -1608, -1206, -804, -402,
	},
	.crc = {
		0x00000000, 0x77073096, 0xee0e612c, 0x990951ba, 0x076dc419,
		0x706af48f, 0xe963a535, 0x9e6495a3, 0x0edb8832, 0x79dcb8a4,
		0xe0d5e91e, 0x97d2d988, 0x09b64c2b, 0x7eb17cbd, 0xe7b82d07,
		0x90bf1d91, 0x1db71064, 0x6ab020f2, 0xf3b97148, 0x84be41de,
		0x1adad47d, 0x6ddde4eb, 0xf4d4b551, 0x83d385c7, 0x136c9856,
		0x646ba8c0, 0xfd62f97a, 0x8a65c9ec, 0x14015c4f, 0x63066cd9,
		0xfa0f3d63, 0x8d080df5, 0x3b6e20c8, 0x4c69105e, 0xd56041e4,
		0xa2677172, 0x3c03e4d1, 0x4b04d447, 0xd20d85fd, 0xa50ab56b,
		0x35b5a8fa, 0x42b2986c, 0xdbbbc9d6, 0xacbcf940, 0x32d86ce3,
		0x45df5c75, 0xdcd60dcf, 0xabd13d59, 0x26d930ac, 0x51de003a,
		0xc8d75180, 0xbfd06116, 0x21b4f4b5, 0x56b3c423, 0xcfba9599,
		0xb8bda50f, 0x2802b89e, 0x5f058808, 0xc60cd9b2, 0xb10be924,
		0x2f6f7c87, 0x58684c11, 0xc1611dab, 0xb6662d3d, 0x76dc4190,
		0x01db7106, 0x98d220bc, 0xefd5102a, 0x71b18589, 0x06b6b51f,
		0x9fbfe4a5, 0xe8b8d433, 0x7807c9a2, 0x0f00f934, 0x9609a88e,
		0xe10e9818, 0x7f6a0dbb, 0x086d3d2d, 0x91646c97, 0xe6635c01,
		0x6b6b51f4, 0x1c6c6162, 0x856530d8, 0xf262004e, 0x6c0695ed,
		0x1b01a57b, 0x8208f4c1, 0xf50fc457, 0x65b0d9c6, 0x12b7e950,
		0x8bbeb8ea, 0xfcb9887c, 0x62dd1ddf, 0x15da2d49, 0x8cd37cf3,
		0xfbd44c65, 0x4db26158, 0x3ab551ce, 0xa3bc0074, 0xd4bb30e2,
		0x4adfa541, 0x3dd895d7, 0xa4d1c46d, 0xd3d6f4fb, 0x4369e96a,
		0x346ed9fc, 0xad678846, 0xda60b8d0, 0x44042d73, 0x33031de5,
		0xaa0a4c5f, 0xdd0d7cc9, 0x5005713c, 0x270241aa, 0xbe0b1010,
		0xc90c2086, 0x5768b525, 0x206f85b3, 0xb966d409, 0xce61e49f,
		0x5edef90e, 0x29d9c998, 0xb0d09822, 0xc7d7a8b4, 0x59b33d17,
		0x2eb40d81, 0xb7bd5c3b, 0xc0ba6cad, 0xedb88320, 0x9abfb3b6,
		0x03b6e20c, 0x74b1d29a, 0xead54739, 0x9dd277af, 0x04db2615,
		0x73dc1683, 0xe3630b12, 0x94643b84, 0x0d6d6a3e, 0x7a6a5aa8,
		0xe40ecf0b, 0x9309ff9d, 0x0a00ae27, 0x7d079eb1, 0xf00f9344,
		0x8708a3d2, 0x1e01f268, 0x6906c2fe, 0xf762575d, 0x806567cb,
		0x196c3671, 0x6e6b06e7, 0xfed41b76, 0x89d32be0, 0x10da7a5a,
		0x67dd4acc, 0xf9b9df6f, 0x8ebeeff9, 0x17b7be43, 0x60b08ed5,
		0xd6d6a3e8, 0xa1d1937e, 0x38d8c2c4, 0x4fdff252, 0xd1bb67f1,
		0xa6bc5767, 0x3fb506dd, 0x48b2364b, 0xd80d2bda, 0xaf0a1b4c,
		0x36034af6, 0x41047a60, 0xdf60efc3, 0xa867df55, 0x316e8eef,
		0x4669be79, 0xcb61b38c, 0xbc66831a, 0x256fd2a0, 0x5268e236,
		0xcc0c7795, 0xbb0b4703, 0x220216b9, 0x5505262f, 0xc5ba3bbe,
		0xb2bd0b28, 0x2bb45a92, 0x5cb36a04, 0xc2d7ffa7, 0xb5d0cf31,
		0x2cd99e8b, 0x5bdeae1d, 0x9b64c2b0, 0xec63f226, 0x756aa39c,
		0x026d930a, 0x9c0906a9, 0xeb0e363f, 0x72076785, 0x05005713,
		0x95bf4a82, 0xe2b87a14, 0x7bb12bae, 0x0cb61b38, 0x92d28e9b,
		0xe5d5be0d, 0x7cdcefb7, 0x0bdbdf21, 0x86d3d2d4, 0xf1d4e242,
		0x68ddb3f8, 0x1fda836e, 0x81be16cd, 0xf6b9265b, 0x6fb077e1,
		0x18b74777, 0x88085ae6, 0xff0f6a70, 0x66063bca, 0x11010b5c,
		0x8f659eff, 0xf862ae69, 0x616bffd3, 0x166ccf45, 0xa00ae278,
		0xd70dd2ee, 0x4e048354, 0x3903b3c2, 0xa7672661, 0xd06016f7,
		0x4969474d, 0x3e6e77db, 0xaed16a4a, 0xd9d65adc, 0x40df0b66,
		0x37d83bf0, 0xa9bcae53, 0xdebb9ec5, 0x47b2cf7f, 0x30b5ffe9,
		0xbdbdf21c, 0xcabac28a, 0x53b39330, 0x24b4a3a6, 0xbad03605,
		0xcdd70693, 0x54de5729, 0x23d967bf, 0xb3667a2e, 0xc4614ab8,
		0x5d681b02, 0x2a6f2b94, 0xb40bbe37, 0xc30c8ea1, 0x5a05df1b,
		0x2d02ef8d,
	},
	.help =
		"This is the demo firmware of stm32flash. It blinks the LED at PC13, which\r\n"
		"the small blue board has, and talks at PA9, 115200 baud, 8N1. It needs no\r\n"
		"crystal and no library, and it runs in the simulated device as well.\r\n"
		"\r\n"
		"To put it on an STM32F103: BOOT0 to 1, BOOT1 (PB2) to 0, an adapter of 3.3 V\r\n"
		"with its RX at PA9 and its TX at PA10, ground to ground. Reset, then\r\n"
		"\r\n"
		"    stm32flash -w demo/firmware.hex -v -g 0 /dev/ttyUSB0\r\n"
		"\r\n"
		"BOOT0 back to 0, and it starts after every reset. To see what it says, open\r\n"
		"the adapter with any terminal program.\r\n"
		"\r\n"
		"The self-test is a CRC-32 of the tables and texts, which are most of the\r\n"
		"image: a block that was not written right shows. It also looks whether the\r\n"
		"start-up code filled .data and cleared .bss.\r\n"
};

/* .data: the start-up code must copy it from the flash. */
static struct { uint32_t magic; char greeting[32]; } initialised = {
	0x600df00d, "hello from the demo firmware"
};

/* .bss: the start-up code must clear it. */
static uint32_t lines_said;
static volatile uint32_t ticks;
static volatile uint32_t led_on;

static void put_char(char c)
{
	while (!(USART1_SR & SR_TXE))
		;
	USART1_DR = (uint8_t)c;
}

static void put_text(const char *text)
{
	while (*text != '\0')
		put_char(*text++);
}

static void toggle_led(void)
{
	led_on = !led_on;
	GPIOC_BSRR = led_on ? LED_ON : LED_OFF;
}

static void end_line(void)
{
	put_text("\r\n");
	lines_said++;
	toggle_led();
}

static void put_decimal(uint32_t value)
{
	char digits[11];
	char *p = digits + sizeof(digits);

	*--p = '\0';
	do
		*--p = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	put_text(p);
}

static void put_hex(uint32_t value)
{
	int shift;

	put_text("0x");
	for (shift = 28; shift >= 0; shift -= 4)
		put_char("0123456789ABCDEF"[value >> shift & 15]);
}

static void say_hello(uint32_t count)
{
	put_text(initialised.greeting);
	put_text(", line ");
	put_decimal(count);
	end_line();
}

/* Draws one period of the sine as stars, from top to bottom. */
static void draw_wave(void)
{
	uint32_t line, column;

	for (line = 0; line < WAVE_LINES; line++) {
		int32_t sine = tables.sine[line * 512 / WAVE_LINES];

		column = (uint32_t)(sine + 32768) * WAVE_WIDTH >> 16;
		while (column-- > 0)
			put_char(' ');
		put_char('*');
		end_line();
	}
}

static uint32_t crc32(const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint32_t crc = 0xffffffff;

	while (len-- > 0)
		crc = crc >> 8 ^ tables.crc[(crc ^ *p++) & 0xff];
	return ~crc;
}

static void self_test(uint32_t said_at_start)
{
	uint32_t crc = crc32(&tables, sizeof(tables));
	int good = crc == TABLES_CRC && initialised.magic == 0x600df00d &&
		   said_at_start == 0;

	put_text("checksum ");
	put_hex(crc);
	put_text(good ? ", self-test passed" : ", self-test failed");
	end_line();
}

/* Called 100 times a second. */
void tick(void)
{
	uint32_t now = ticks + 1;

	ticks = now;
	if (now % BLINK_TICKS == 0)
		toggle_led();
}

/* The ROM may have left another clock and mode. */
static void init_hardware(void)
{
	RCC_CFGR = 0;			/* internal oscillator, undivided */
	RCC_APB2ENR = CLOCKS_ON;
	GPIOA_CRH = 0x444444b4;		/* PA9 output of the USART */
	GPIOC_CRH = 0x44244444;		/* PC13 output, 2 MHz */
	USART1_CR2 = 0;			/* 1 stop bit */
	USART1_BRR = (CLOCK_HZ + BAUD / 2) / BAUD;
	USART1_CR1 = CR1_ON;
}

static void start_ticks(void)
{
	SYST_RVR = CLOCK_HZ / TICK_HZ - 1;
	SYST_CVR = 0;
	SYST_CSR = 7;			/* processor clock, interrupt, on */
	__asm__ volatile ("cpsie i");
}

int main(void)
{
	uint32_t said_at_start = lines_said, i;

	init_hardware();
	for (i = 1; i <= HELLO_LINES; i++)
		say_hello(i);
	draw_wave();
	self_test(said_at_start);
	put_text("send ? for help");
	end_line();
	start_ticks();
	for (;;) {
		__asm__ volatile ("wfi");
		if (USART1_SR & SR_RXNE && (USART1_DR & 0xff) == '?')
			put_text(tables.help);
	}
}
