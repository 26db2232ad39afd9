/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines and JSON of the list of ports. */
#include "cli/portlist.h"

#include "tests/unit/t.h"
#include "utils.h"

static const struct port_info ftdi = {
	.name = "/dev/ttyUSB0", .driver = "ftdi_sio",
	.has_usb = true, .vendor = 0x0403, .product = 0x6001,
	.serial = "A50285BI", .manufacturer = "FTDI",
	.text = "FT232R USB UART",
	.by_id = "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0",
};
static const struct port_info ch340 = {
	.name = "/dev/ttyUSB10", .driver = "ch341-uart",
	.has_usb = true, .vendor = 0x1A86, .product = 0x7523,
	.text = "USB Serial",
};
static const struct port_info uart = { .name = "/dev/ttyAMA0",
				 .driver = "uart-pl011" };
static const struct port_info bare = { .name = "/dev/cuaU0" };
static const struct port_info bus = {
	.kind = PORTS_I2C, .name = "/dev/i2c-1", .driver = "i2c-bcm2835",
	.text = "bcm2835 (i2c@7e804000)",
};

/* The lines of up to 5 ports, each with its end. */
static void check_rows(const struct port_info *const *ports, const char *want)
{
	struct port_info copies[5];
	struct port_list list = { copies, 0 };
	struct portlist_columns columns;
	char line[PORTLIST_LINE], all[5 * PORTLIST_LINE] = "";
	size_t i;

	for (; ports[list.count] != NULL; list.count++)
		copies[list.count] = *ports[list.count];
	columns = portlist_measure(&list);
	for (i = 0; i < list.count; i++) {
		portlist_row(&copies[i], &columns, line);
		strcat(strcat(all, line), "\n");
	}
	TEXT(all, want);
}

static void test_rows(void)
{
	struct port_info widest = ftdi;

	t_about("one port");
	check_rows((const struct port_info *[]){ &ftdi, NULL },
		   "/dev/ttyUSB0  ftdi_sio  0403:6001 A50285BI  "
		   "FT232R USB UART\n");
	t_about("columns");
	check_rows((const struct port_info *[]){ &uart, &ftdi, &ch340, &bus,
						 NULL },
		   "/dev/ttyAMA0   uart-pl011\n"
		   "/dev/ttyUSB0   ftdi_sio     0403:6001 A50285BI  "
		   "FT232R USB UART\n"
		   "/dev/ttyUSB10  ch341-uart   1a86:7523           "
		   "USB Serial\n"
		   "/dev/i2c-1     i2c-bcm2835  -                   "
		   "bcm2835 (i2c@7e804000)\n");
	t_about("columns with nothing in them");
	check_rows((const struct port_info *[]){ &bare, NULL },
		   "/dev/cuaU0\n");
	check_rows((const struct port_info *[]){ &uart, &bus, NULL },
		   "/dev/ttyAMA0  uart-pl011\n"
		   "/dev/i2c-1    i2c-bcm2835  bcm2835 (i2c@7e804000)\n");
	t_about("a name that is too wide for the others");
	snprintf(widest.serial, sizeof(widest.serial), "%040d", 1);
	check_rows((const struct port_info *[]){ &ftdi, &widest, NULL },
		   "/dev/ttyUSB0  ftdi_sio  0403:6001 A50285BI"
		   "                    FT232R USB UART\n"
		   "/dev/ttyUSB0  ftdi_sio  0403:6001 00000000000000000000"
		   "00000000000000000001  FT232R USB UART\n");
}

/* No text is too long for a line. */
static void test_longest(void)
{
	struct port_info all = { .has_usb = true };
	struct port_list list = { &all, 1 };
	struct portlist_columns columns;
	char *texts[] = { all.name, all.serial, all.text, all.manufacturer,
			  all.by_id };
	char line[PORTLIST_LINE];
	struct json json;
	size_t i;

	t_about("the longest of all");
	for (i = 0; i < ARRAY_LEN(texts); i++)
		memset(texts[i], '"', PORTS_TEXT - 1);
	memset(all.driver, 'd', sizeof(all.driver) - 1);
	columns = portlist_measure(&list);
	portlist_row(&all, &columns, line);
	EQUAL(strlen(line), 3 * (PORTS_TEXT - 1) + 9 + 1 +
			    sizeof(all.driver) - 1 + 3 * 2);
	portlist_json(&all, &json);
	CHECK(!json.full);
	TEXT(json.text + json.len - 2, "\"}");
}

static void test_json(void)
{
	struct port_info odd = ftdi;
	struct json json;

	t_about("an adapter as JSON");
	portlist_json(&ftdi, &json);
	TEXT(json.text, "{\"type\":\"port\",\"kind\":\"serial\","
	     "\"name\":\"/dev/ttyUSB0\",\"driver\":\"ftdi_sio\","
	     "\"usb_vendor\":\"0x0403\",\"usb_product\":\"0x6001\","
	     "\"serial\":\"A50285BI\",\"manufacturer\":\"FTDI\","
	     "\"product\":\"FT232R USB UART\",\"by_id\":\"/dev/serial/by-id/"
	     "usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0\"}");
	t_about("a bus as JSON");
	portlist_json(&bus, &json);
	TEXT(json.text, "{\"type\":\"port\",\"kind\":\"i2c\","
	     "\"name\":\"/dev/i2c-1\",\"driver\":\"i2c-bcm2835\","
	     "\"usb_vendor\":null,\"usb_product\":null,\"serial\":null,"
	     "\"manufacturer\":null,\"adapter\":\"bcm2835 (i2c@7e804000)\","
	     "\"by_id\":null}");
	t_about("a name alone as JSON");
	portlist_json(&bare, &json);
	TEXT(json.text, "{\"type\":\"port\",\"kind\":\"serial\","
	     "\"name\":\"/dev/cuaU0\",\"driver\":null,\"usb_vendor\":null,"
	     "\"usb_product\":null,\"serial\":null,\"manufacturer\":null,"
	     "\"product\":null,\"by_id\":null}");
	t_about("quotes and bytes that are no UTF-8");
	strcpy(odd.serial, "it's \"0 1\" \\");
	strcpy(odd.text, "\xE9t\xE9");
	portlist_json(&odd, &json);
	CHECK(strstr(json.text, "\"serial\":\"it's \\\"0 1\\\" \\\\\",") !=
	      NULL);
	CHECK(strstr(json.text, "\"product\":\"\\ufffdt\\ufffd\",") != NULL);
}

int main(void)
{
	test_rows();
	test_longest();
	test_json();
	return t_done();
}
