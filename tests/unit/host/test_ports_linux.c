/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Linux back-end, with directory trees that resemble sysfs and /dev. */
#include "host/ports.h"

#include "host/ports_scan.h"
#include "host/sysfs.h"
#include "tests/unit/t.h"
#include "utils.h"

#ifdef __linux__

#include "tests/unit/host/tree.h"

#define ATTR(path, text) { path, text, NULL }
#define LINK(path, target) { path, NULL, target }
#define NODE(name) { "dev/" name, "", NULL }

#define USB_DEVICE(path, vendor, product) \
	ATTR("sys/devices/" path "/idVendor", vendor "\n"), \
	ATTR("sys/devices/" path "/idProduct", product "\n")
#define DRIVER(path, bus, driver) \
	LINK("sys/devices/" path "/subsystem", "../../bus/" bus), \
	LINK("sys/devices/" path "/driver", \
	     "../../bus/" bus "/drivers/" driver)

#define HUB "pci0000:00/0000:00:14.0/usb1"
#define FTDI HUB "/1-1"
#define CP210X HUB "/1-2"
#define ACM HUB "/1-3"

static const struct tree_node pc[] = {
	USB_DEVICE(HUB, "1d6b", "0002"),	/* the parent of all of them */
	ATTR("sys/devices/" HUB "/serial", "0000:00:14.0\n"),
	DRIVER(HUB, "usb", "usb"),

	/* an adapter with all attributes */
	NODE("ttyUSB10"),
	USB_DEVICE(FTDI, "0403", "6001"),
	ATTR("sys/devices/" FTDI "/serial", "A50285BI\n"),
	ATTR("sys/devices/" FTDI "/manufacturer", "FTDI\n"),
	ATTR("sys/devices/" FTDI "/product", "FT232R USB UART\n"),
	DRIVER(FTDI, "usb", "usb"),
	DRIVER(FTDI "/1-1:1.0", "usb", "ftdi_sio_interface"),
	DRIVER(FTDI "/1-1:1.0/ttyUSB10", "usb-serial", "ftdi_sio"),
	LINK("sys/devices/" FTDI "/1-1:1.0/ttyUSB10/tty/ttyUSB10/device",
	     "../../../ttyUSB10"),
	LINK("sys/class/tty/ttyUSB10", "../../devices/" FTDI
	     "/1-1:1.0/ttyUSB10/tty/ttyUSB10"),
	LINK("dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0",
	     "../../ttyUSB10"),

	/* invented texts; two fixed names */
	NODE("ttyUSB2"),
	USB_DEVICE(CP210X, "10C4", "ea60"),
	ATTR("sys/devices/" CP210X "/serial", " it's \"0 1\" \\\n"),
	ATTR("sys/devices/" CP210X "/product", "CP2102\033[2J \302\256\n"),
	DRIVER(CP210X "/1-2:1.0/ttyUSB2", "usb-serial", "cp210x"),
	LINK("sys/devices/" CP210X "/1-2:1.0/ttyUSB2/tty/ttyUSB2/device",
	     "../../../ttyUSB2"),
	LINK("sys/class/tty/ttyUSB2", "../../devices/" CP210X
	     "/1-2:1.0/ttyUSB2/tty/ttyUSB2"),
	LINK("dev/serial/by-id/usb-b", "../../ttyUSB2"),
	LINK("dev/serial/by-id/usb-a 100%", "../../ttyUSB2"),
	LINK("dev/serial/by-id/usb-c", "../../ttyUSB2"),
	LINK("dev/serial/by-id/usb-gone", "../../ttyUSB7"),

	/* the tty is right below the interface; no serial number */
	NODE("ttyACM0"),
	USB_DEVICE(ACM, "0483", "374b"),
	ATTR("sys/devices/" ACM "/product", "STM32 STLink\n"),
	DRIVER(ACM "/1-3:1.2", "usb", "cdc_acm"),
	LINK("sys/devices/" ACM "/1-3:1.2/tty/ttyACM0/device",
	     "../../../1-3:1.2"),
	LINK("sys/class/tty/ttyACM0", "../../devices/" ACM
	     "/1-3:1.2/tty/ttyACM0"),

	/* built in, as kernels before 6.5 show it */
	NODE("ttyS0"),
	DRIVER("pnp0/00:04", "pnp", "serial"),
	LINK("sys/devices/pnp0/00:04/tty/ttyS0/device", "../../../00:04"),
	ATTR("sys/devices/pnp0/00:04/tty/ttyS0/type", "4\n"),
	LINK("sys/class/tty/ttyS0", "../../devices/pnp0/00:04/tty/ttyS0"),

	/* no hardware: type 0; and the same if the type cannot be read, as
	 * even root cannot read a directory */
	NODE("ttyS1"),
	DRIVER("platform/serial8250", "platform", "serial8250"),
	LINK("sys/devices/platform/serial8250/tty/ttyS1/device",
	     "../../../serial8250"),
	ATTR("sys/devices/platform/serial8250/tty/ttyS1/type", "0\n"),
	LINK("sys/class/tty/ttyS1",
	     "../../devices/platform/serial8250/tty/ttyS1"),
	NODE("ttyS2"),
	LINK("sys/devices/platform/serial8250/tty/ttyS2/device",
	     "../../../serial8250"),
	{ "sys/devices/platform/serial8250/tty/ttyS2/type", NULL, NULL },
	LINK("sys/class/tty/ttyS2",
	     "../../devices/platform/serial8250/tty/ttyS2"),
	/* detected by a driver, so the hardware exists */
	NODE("ttyS3"),
	LINK("sys/devices/pnp0/00:04/tty/ttyS3/device", "../../../00:04"),
	{ "sys/devices/pnp0/00:04/tty/ttyS3/type", NULL, NULL },
	LINK("sys/class/tty/ttyS3", "../../devices/pnp0/00:04/tty/ttyS3"),
	/* a real one with the same driver as the phantoms */
	NODE("ttyS4"),
	LINK("sys/devices/platform/serial8250/tty/ttyS4/device",
	     "../../../serial8250"),
	ATTR("sys/devices/platform/serial8250/tty/ttyS4/type", "3\n"),
	LINK("sys/class/tty/ttyS4",
	     "../../devices/platform/serial8250/tty/ttyS4"),

	/* no device: a console; Bluetooth is listed nevertheless */
	NODE("tty1"),
	{ "sys/devices/virtual/tty/tty1", NULL, NULL },
	LINK("sys/class/tty/tty1", "../../devices/virtual/tty/tty1"),
	NODE("rfcomm0"),
	{ "sys/devices/virtual/tty/rfcomm0", NULL, NULL },
	LINK("sys/class/tty/rfcomm0", "../../devices/virtual/tty/rfcomm0"),

	/* a port of the host, in a container: no node */
	DRIVER(ACM "/1-3:1.4", "usb", "cdc_acm"),
	LINK("sys/devices/" ACM "/1-3:1.4/tty/ttyACM1/device",
	     "../../../1-3:1.4"),
	LINK("sys/class/tty/ttyACM1", "../../devices/" ACM
	     "/1-3:1.4/tty/ttyACM1"),

	/* ! means / */
	NODE("odd/tty 5"),
	{ "sys/devices/platform/odd.0", NULL, NULL },
	LINK("sys/devices/platform/odd.0/tty/odd!tty 5/device",
	     "../../../odd.0"),
	LINK("sys/class/tty/odd!tty 5",
	     "../../devices/platform/odd.0/tty/odd!tty 5"),
};

/* Kernel 6.6: the serial core is between the port and the hardware. */
static const struct tree_node pi[] = {
	NODE("ttyAMA0"),
	DRIVER("platform/soc/fe201000.serial", "amba", "uart-pl011"),
	DRIVER("platform/soc/fe201000.serial/fe201000.serial:0", "serial-base",
	       "ctrl"),
	DRIVER("platform/soc/fe201000.serial/fe201000.serial:0/"
	       "fe201000.serial:0.0", "serial-base", "port"),
	LINK("sys/devices/platform/soc/fe201000.serial/fe201000.serial:0/"
	     "fe201000.serial:0.0/tty/ttyAMA0/device",
	     "../../../fe201000.serial:0.0"),
	ATTR("sys/devices/platform/soc/fe201000.serial/fe201000.serial:0/"
	      "fe201000.serial:0.0/tty/ttyAMA0/type", "32\n"),
	LINK("sys/class/tty/ttyAMA0", "../../devices/platform/soc/"
	     "fe201000.serial/fe201000.serial:0/fe201000.serial:0.0/tty/"
	     "ttyAMA0"),
	/* a phantom under that kernel */
	NODE("ttyS0"),
	DRIVER("platform/serial8250", "platform", "serial8250"),
	DRIVER("platform/serial8250/serial8250:0/serial8250:0.0",
	       "serial-base", "port"),
	LINK("sys/devices/platform/serial8250/serial8250:0/serial8250:0.0/tty/"
	     "ttyS0/device", "../../../serial8250:0.0"),
	ATTR("sys/devices/platform/serial8250/serial8250:0/serial8250:0.0/"
	      "tty/ttyS0/type", "0\n"),
	LINK("sys/class/tty/ttyS0", "../../devices/platform/serial8250/"
	     "serial8250:0/serial8250:0.0/tty/ttyS0"),

	NODE("i2c-1"),
	DRIVER("platform/soc/fe804000.i2c", "platform", "i2c-bcm2835"),
	LINK("sys/devices/platform/soc/fe804000.i2c/i2c-1/subsystem",
	     "../../bus/i2c"),
	LINK("sys/devices/platform/soc/fe804000.i2c/i2c-1/i2c-dev/i2c-1/device",
	     "../../../i2c-1"),
	ATTR("sys/devices/platform/soc/fe804000.i2c/i2c-1/i2c-dev/i2c-1/name",
	      "bcm2835 (i2c@7e804000)\n"),
	LINK("sys/class/i2c-dev/i2c-1", "../../devices/platform/soc/"
	     "fe804000.i2c/i2c-1/i2c-dev/i2c-1"),

	/* an adapter on USB */
	NODE("i2c-10"),
	USB_DEVICE("platform/usb1/1-1", "0403", "c631"),
	ATTR("sys/devices/platform/usb1/1-1/product", "i2c-tiny-usb\n"),
	DRIVER("platform/usb1/1-1/1-1:1.0", "usb", "i2c-tiny-usb"),
	LINK("sys/devices/platform/usb1/1-1/1-1:1.0/i2c-10/i2c-dev/i2c-10/"
	     "device", "../../../i2c-10"),
	ATTR("sys/devices/platform/usb1/1-1/1-1:1.0/i2c-10/i2c-dev/i2c-10/"
	      "name", "i2c-tiny-usb at bus 001 device 004\n"),
	LINK("sys/class/i2c-dev/i2c-10", "../../devices/platform/usb1/1-1/"
	     "1-1:1.0/i2c-10/i2c-dev/i2c-10"),
	/* i2c-dev has no node for this one */
	LINK("sys/class/i2c-adapter/i2c-2", "../../devices/platform"),
};

/* "kind name|driver|usb|serial|manufacturer|text|by_id", with names below
 * dev/. */
static const char *const pc_ports[] = {
	"0 odd/tty 5||||||",
	"0 rfcomm0|rfcomm|||||",
	"0 ttyACM0|cdc_acm|0483:374b|||STM32 STLink|",
	"0 ttyS0|serial|||||",
	"0 ttyS3|serial|||||",
	"0 ttyS4|serial8250|||||",
	"0 ttyUSB2|cp210x|10c4:ea60|it's \"0 1\" \\||CP2102?[2J \302\256|"
	"/serial/by-id/usb-a 100%",
	"0 ttyUSB10|ftdi_sio|0403:6001|A50285BI|FTDI|FT232R USB UART|"
	"/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0",
};

static const char *const pi_ports[] = {
	"0 ttyAMA0|uart-pl011|||||",
	"1 i2c-1|i2c-bcm2835||||bcm2835 (i2c@7e804000)|",
	"1 i2c-10|i2c-tiny-usb|0403:c631|||i2c-tiny-usb at bus 001 device 004|",
};

/* Returns the path without root, if it begins with root. */
static const char *below(const char *root, const char *path)
{
	size_t len = strlen(root);

	return strncmp(path, root, len) == 0 ? path + len : path;
}

static void describe(const struct port_info *port, const char *dev,
		     char *out, size_t size)
{
	char usb[16] = "";

	if (port->has_usb)
		snprintf(usb, sizeof(usb), "%04x:%04x", port->vendor,
			 port->product);
	snprintf(out, size, "%d %s|%s|%s|%s|%s|%s|%s", (int)port->kind,
		 below(dev, port->name) + 1, port->driver, usb, port->serial,
		 port->manufacturer, port->text, below(dev, port->by_id));
}

/* The same driver if only the device is known, as for an open port. */
static void check_driver(const char *sys, const struct port_info *port)
{
	char path[2 * TREE_PATH], driver[PORTS_TEXT];
	const char *name = strrchr(port->name, '/') + 1;

	snprintf(path, sizeof(path), "%s/class/%s/%s/device", sys,
		 port->kind == PORTS_I2C ? "i2c-dev" : "tty", name);
	sysfs_driver(sys, path, driver, sizeof(driver));
	if (access(path, F_OK) == 0)	/* rfcomm has none */
		TEXT(driver, port->driver);
	else
		TEXT(driver, "");
}

static void check_tree(const char *about, const struct tree_node *nodes,
		       size_t count, const char *const *want, size_t wanted)
{
	char sys[TREE_PATH], dev[TREE_PATH], line[8 * PORTS_TEXT];
	struct port_list list = { NULL, 0 };
	struct tree tree;
	size_t i;

	t_about(about);
	if (!CHECK(tree_begin(&tree)))
		return;
	for (i = 0; i < count; i++)
		if (!CHECK(tree_put(&tree, &nodes[i])))
			printf("  %s\n", nodes[i].path);
	tree_path(&tree, "sys", sys);
	tree_path(&tree, "dev", dev);
	CHECK(ports_scan_sysfs(&list, sys, dev));
	ports_sort(&list);
	EQUAL(list.count, wanted);
	for (i = 0; i < list.count; i++) {
		describe(&list.ports[i], dev, line, sizeof(line));
		TEXT(line, i < wanted ? want[i] : "");
		check_driver(sys, &list.ports[i]);
	}
	ports_free(&list);
	tree_end(&tree);
}

int main(void)
{
	check_tree("a PC", pc, ARRAY_LEN(pc), pc_ports, ARRAY_LEN(pc_ports));
	check_tree("a Pi", pi, ARRAY_LEN(pi), pi_ports, ARRAY_LEN(pi_ports));
	check_tree("no sysfs", NULL, 0, NULL, 0);
	return t_done();
}

#else

int main(void)
{
	puts("skip: sysfs is of Linux");
	return 77;
}

#endif
