# SPDX-License-Identifier: GPL-2.0-or-later
#
# make               the program: ./stm32flash
# make demo          what it does, on the simulated device
# make check         the tests; needs a C compiler, make and sh
# make check TESTS="crc write"  only the tests with such a name
# make check EFFORT=low         a sample of the cases that tests generate
# make lint          mandoc, shellcheck, cppcheck
# make bench         what a job costs on the wire
# make install       PREFIX, DESTDIR
# CROSS=x86_64-w64-mingw32- builds ./stm32flash.exe
# CC, CFLAGS, CPPFLAGS, LDFLAGS are yours.

VERSION   = 1.0-dev
PREFIX   ?= /usr/local
bindir    = $(DESTDIR)$(PREFIX)/bin
mandir    = $(DESTDIR)$(PREFIX)/share/man/man1

ifneq ($(CROSS),)
CC        = $(CROSS)gcc
endif
target   := $(shell $(CC) -dumpmachine)
windows  := $(findstring mingw,$(target))
CFLAGS   ?= -O2 -g
WARNINGS  = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wwrite-strings -Wvla
# What the code needs is kept apart from what the user may choose.
std_flags = -std=c11 -D_DEFAULT_SOURCE -I. -DVERSION='"$(VERSION)"'
link      = $(CC) $(CFLAGS) $(LDFLAGS)
# Windows has two printf families; ours is the one of the standard.
std_flags += $(if $(windows),-D__USE_MINGW_ANSI_STDIO=1)
compile   = $(CC) $(std_flags) $(WARNINGS) -MMD -MP $(CPPFLAGS) $(CFLAGS)

# Objects of another compiler or other flags do not mix: BUILD=build/clang.
BUILD    ?= build/$(target)
program  ?= stm32flash$(if $(windows),.exe)

# The system is chosen by which files are compiled.
system   := $(if $(windows),windows,$(if $(findstring linux,$(target)),linux,bsd))
src_linux   = serial_posix.c serial_linux.c devnode.c \
              gpio.c gpio_sysfs.c gpio_cdev.c i2c.c
src_bsd     = serial_posix.c serial_bsd.c devnode.c gpio_none.c i2c.c
src_windows = serial_w32.c gpio_none.c i2c.c

# Everything but main.c, so that the tests link what the program is made of.
lib_src   = changed.c \
            checksum.c \
            chip.c \
            connect.c \
            crc.c \
            dev_table.c \
            devlist.c \
            file.c \
            flash.c \
            identify.c \
            image.c \
            init.c \
            json.c \
            leave.c \
            link.c \
            options.c \
            options_table.c \
            part.c \
            place.c \
            plan.c \
            port.c \
            problem.c \
            repair.c \
            report.c \
            serial.c \
            session.c \
            stm32.c \
            stub.c \
            sums.c \
            utils.c \
            $(src_$(system)) \
            $(wildcard parsers/*.c) \
            $(filter-out sim/server.c,$(wildcard sim/*.c))
# How the parts are put together; no test needs it.
main_obj  = $(addprefix $(BUILD)/,main.o job.o facts.o actions.o)
lib_obj   = $(lib_src:%.c=$(BUILD)/%.o)
lib       = $(BUILD)/libstm32flash.a

unit_src  = $(wildcard tests/unit/test_*.c)
unit_bin  = $(unit_src:%.c=$(BUILD)/%)
server    = $(BUILD)/sim-server

# V=1 shows the commands.
silent    = $(findstring s,$(firstword -$(filter-out --%,$(MAKEFLAGS))))
quiet     = $(if $(V),,$(if $(silent),@,@echo '  $(1)' $(2);))

all: $(program)

# Which build the program is of: another compiler's objects may be older.
build/of-$(notdir $(program)): FORCE
	@mkdir -p $(@D)
	@echo '$(BUILD)' | cmp -s - $@ || echo '$(BUILD)' >$@

$(program): $(main_obj) $(lib) $(BUILD)/flags build/of-$(notdir $(program))
	$(call quiet,LINK,$@)$(link) -o $@ $(main_obj) $(lib)

$(lib): $(lib_obj)
	@rm -f $@
	$(call quiet,AR,$@)$(AR) rcs $@ $(lib_obj)

$(server): $(BUILD)/sim/server.o $(lib)
	$(call quiet,LINK,$@)$(link) -o $@ $(BUILD)/sim/server.o $(lib)

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(lib)
	$(call quiet,LINK,$@)$(link) -o $@ $< $(lib)

$(BUILD)/tests/tool: $(BUILD)/tests/tool.o
	$(call quiet,LINK,$@)$(link) -o $@ $<

# Other flags than last time: everything anew, or sanitized objects and plain
# ones would end up in one program.
flags     = $(subst ',,$(compile) $(link))
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(flags)' | cmp -s - $@ || echo '$(flags)' >$@

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(compile) -c -o $@ $<

-include $(wildcard $(BUILD)/*.d $(BUILD)/*/*.d $(BUILD)/*/*/*.d)

# What the tests run.
tests: all $(unit_bin) $(server) $(BUILD)/tests/tool

# Of another processor: EMULATE="qemu-arm -L /usr/arm-linux-gnueabihf". On a
# slow machine: EFFORT=low.
export EMULATE EFFORT
check: tests
	@STM32FLASH=./$(program) BUILD=$(BUILD) sh tests/run.sh $(TESTS)

demo: all $(server)
	@STM32FLASH=./$(program) BUILD=$(BUILD) sh demo/run.sh

bench: all $(server) $(BUILD)/tests/tool
	@STM32FLASH=./$(program) BUILD=$(BUILD) sh tests/bench.sh

lint:
	@sh tests/lint/lint.sh

install: all
	install -d $(bindir) $(mandir)
	install -m 755 $(program) $(bindir)/
	install -m 644 stm32flash.1 $(mandir)/

uninstall:
	rm -f $(bindir)/$(program) $(mandir)/stm32flash.1

# The files of the last commit, or of this directory without git.
dist:
	@sh tests/lint/dist.sh $(VERSION)

clean:
	rm -rf build stm32flash stm32flash.exe stm32flash-*.tar.gz

.PHONY: FORCE all tests check demo bench lint install uninstall dist clean
.SECONDARY:
