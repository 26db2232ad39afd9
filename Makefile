# SPDX-License-Identifier: GPL-2.0-or-later
#
# make               the program: ./stm32flash
# make help          this list
# make demo          a demonstration on the simulated chip
# make check         the tests; needs a C compiler, make and sh
# make check TESTS="crc write"  only the tests with such a name
# make check EFFORT=low         a sample of the cases that tests generate
# make platforms     the tests on other kinds of Linux, by qemu-user
# make kernel        the program on a real kernel in QEMU: drivers, lines, GPIO
# make valgrind      end-to-end tests, with the program under valgrind
# make coverage      how many lines the tests reach, and which are missed
# make fuzz          looks for inputs that break something, FUZZ_TIME seconds
#                    for each target; FUZZ="hex srec" names the targets
# make soak          random jobs over bad lines, RUNS of them; over interrupted
#                    ones from FIRST=1073741824 on, with --on-chip from
#                    2147483648, with --set from 3221225472
# make lint          checks by other tools, and of the shape of the code
# make bench         what a job costs on the wire
# make completion    updates completion/ when options or parts change
# make install       with PREFIX and DESTDIR; make uninstall removes it
# make dist          the tarball of the last commit, or of this directory
# make clean         removes all that was built
#
# CROSS=x86_64-w64-mingw32- builds ./stm32flash.exe; check runs that under Wine.
# CROSS=arm-linux-gnueabihf- builds build/arm-linux-gnueabihf/stm32flash; check
# runs that with the emulator that EMULATE names.
# CC, CFLAGS, CPPFLAGS and LDFLAGS may be set.

VERSION   = 1.0
PREFIX   ?= /usr/local
bindir    = $(DESTDIR)$(PREFIX)/bin
mandir    = $(DESTDIR)$(PREFIX)/share/man/man1
bashdir   = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
zshdir    = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
fishdir   = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
install_dirs = "$(bindir)" "$(mandir)" "$(bashdir)" "$(zshdir)" "$(fishdir)"

ifneq ($(CROSS),)
CC        = $(CROSS)gcc
endif
target   := $(shell $(CC) -dumpmachine)
windows  := $(findstring mingw,$(target))
here     := $(shell cc -dumpmachine 2>/dev/null)
# Compilers of one machine differ in what they call it.
processor = $(patsubst i%86,i686,$(patsubst amd64,x86_64,$(patsubst \
            arm64,aarch64,$(firstword $(subst -, ,$(1))))))
cross    := $(strip $(or $(CROSS),$(if $(here),$(filter-out \
            $(call processor,$(here)),$(call processor,$(target))))))
CFLAGS   ?= -O2 -g
WARNINGS  = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wwrite-strings -Wvla
# What the code needs is kept apart from what the user may choose.
std_flags = -std=c11 -D_DEFAULT_SOURCE -I. -DVERSION='"$(VERSION)"'
# Inodes and offsets fill 64 bits on 32-bit systems too, or a file or directory
# cannot be looked at there.
std_flags += -D_FILE_OFFSET_BITS=64
link      = $(CC) $(CFLAGS) $(LDFLAGS)
# The headers of the kernel come with no libc, and musl-gcc of Debian looks where
# its own are. Those of this machine are searched last.
kernel   := $(if $(and $(findstring linux,$(target)),$(filter $(here),$(target))),$(shell \
             $(CC) $(CPPFLAGS) -E -include linux/gpio.h -x c /dev/null \
             >/dev/null 2>&1 || echo -idirafter /usr/include \
             -idirafter /usr/include/$(target)))
std_flags += $(kernel)
system_libs = $(if $(windows),-lws2_32)
# Windows has two printf families; ours is the one of the standard.
std_flags += $(if $(windows),-D__USE_MINGW_ANSI_STDIO=1)
compile   = $(CC) $(std_flags) $(WARNINGS) -MMD -MP $(CPPFLAGS) $(CFLAGS)

# Objects of another compiler or other flags do not mix: BUILD=build/clang.
BUILD    ?= build/$(target)
program  ?= $(if $(windows),stm32flash.exe,$(if $(cross),$(BUILD)/)stm32flash)

# The system is chosen by which files are compiled.
system   := $(if $(windows),windows,$(if $(findstring linux,$(target)),linux,bsd))
src_posix   = serial_posix.c \
              i2c.c \
              host/devnode.c \
              host/socket_posix.c \
              host/stop_posix.c \
              host/terminal_posix.c
src_linux   = $(src_posix) \
              host/serial_linux.c \
              host/gpio.c \
              host/gpio_cdev.c \
              host/gpio_sysfs.c \
              host/ports_linux.c \
              host/sysfs.c
src_bsd     = $(src_posix) \
              host/serial_bsd.c \
              host/gpio_none.c \
              host/ports_bsd.c
src_windows = serial_w32.c \
              i2c.c \
              host/gpio_none.c \
              host/ports_w32.c \
              host/socket_w32.c \
              host/stop_w32.c \
              host/terminal_w32.c

# How the parts are put together; no test needs it.
main_src  = main.c cli/job.c cli/facts.c cli/actions.c cli/optionbytes.c \
            cli/protection.c cli/seek.c
# Everything else, so that the tests link what the program is made of.
lib_src   = dev_table.c \
            option_table.c \
            init.c \
            port.c \
            problem.c \
            stm32.c \
            utils.c \
            $(filter-out $(main_src),$(wildcard cli/*.c)) \
            $(wildcard flash/*.c) \
            $(wildcard protocol/*.c) \
            host/marks.c \
            host/netport.c \
            host/port_rfc2217.c \
            host/port_tcp.c \
            host/ports.c \
            host/ports_info.c \
            host/serial.c \
            host/socket.c \
            host/telnet.c \
            $(src_$(system)) \
            $(wildcard parsers/*.c) \
            $(filter-out sim/server.c,$(wildcard sim/*.c))
main_obj  = $(main_src:%.c=$(BUILD)/%.o)
lib_obj   = $(lib_src:%.c=$(BUILD)/%.o)
lib       = $(BUILD)/libstm32flash.a

unit_src  = $(wildcard tests/unit/test_*.c tests/unit/*/test_*.c)
unit_bin  = $(unit_src:%.c=$(BUILD)/%)
server    = $(BUILD)/sim-server
generate  = $(BUILD)/completion/generate

# The fuzz targets have objects of their own: under the sanitizers, if the
# compiler has them, which is asked when it is needed.
fuzz_src   = $(wildcard tests/fuzz/fuzz_*.c)
fuzz_bin   = $(fuzz_src:%.c=$(BUILD)/fuzz/%)
fuzz_obj   = $(lib_obj) $(main_obj)
fuzz_lib   = $(BUILD)/fuzz/lib.a
FUZZ_FLAGS = $(eval FUZZ_FLAGS := $$(shell EMULATE="$(EMULATE)" \
		sh tests/fuzz_flags.sh $(CC)))$(FUZZ_FLAGS)
FUZZ_MAIN  = $(BUILD)/fuzz/tests/fuzz/replay.o
FUZZ_TIME ?= 60

# The soak calls the whole program.
soak_src   = $(wildcard tests/soak/*.c)
whole_obj  = $(BUILD)/soak/main.o $(filter-out $(BUILD)/main.o,$(main_obj))
soak_obj   = $(soak_src:%.c=$(BUILD)/%.o) $(whole_obj)
soak       = $(BUILD)/tests/soak/soak
RUNS      ?= 20000
FIRST     ?= 1

# V=1 shows the commands.
silent    = $(findstring s,$(firstword -$(filter-out --%,$(MAKEFLAGS))))
quiet     = $(if $(V),,$(if $(silent),@,@echo '  $(1)' $(2);))

all: $(program)

# Which build the program is of: another compiler's objects may be older.
built_of  = build/of-$(subst /,-,$(program))
$(built_of): FORCE
	@mkdir -p $(@D)
	@echo '$(BUILD)' | cmp -s - $@ || echo '$(BUILD)' >$@

$(program): $(main_obj) $(lib) $(BUILD)/flags $(built_of)
	$(call quiet,LINK,$@)$(link) -o $@ $(main_obj) $(lib) $(system_libs)

$(lib): $(lib_obj)
	@rm -f $@
	$(call quiet,AR,$@)$(AR) rcs $@ $(lib_obj)

$(server): $(BUILD)/sim/server.o $(lib)
	$(call quiet,LINK,$@)$(link) -o $@ $(BUILD)/sim/server.o $(lib)

# For a system without libraries: the guests of make kernel.
$(BUILD)/stm32flash-static: $(main_obj) $(lib)
	$(call quiet,LINK,$@)$(link) -static -Wl,--no-warnings -o $@ $^

# These call the whole program too.
$(BUILD)/tests/unit/test_safe $(BUILD)/tests/unit/test_set: $(whole_obj)

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(lib)
	$(call quiet,LINK,$@)$(link) -o $@ $(filter %.o,$^) $(lib)

$(fuzz_lib): $(fuzz_obj:$(BUILD)/%=$(BUILD)/fuzz/%)
	@rm -f $@
	$(call quiet,AR,$@)$(AR) rcs $@ $^

# These two are one, with other devices.
$(addprefix $(BUILD)/fuzz/tests/fuzz/fuzz_,session worst): \
	$(BUILD)/fuzz/tests/fuzz/session.o

$(fuzz_bin): %: %.o $(FUZZ_MAIN) $(fuzz_lib)
	$(call quiet,LINK,$@)$(link) $(FUZZ_FLAGS) -o $@ \
		$(filter %.o,$^) $(filter %.a,$^)

$(soak): $(soak_obj) $(lib)
	$(call quiet,LINK,$@)$(link) -o $@ $(soak_obj) $(lib)

$(BUILD)/tests/tool: $(BUILD)/tests/tool.o $(lib)
	$(call quiet,LINK,$@)$(link) -o $@ $< $(lib)

$(generate): $(generate).o $(lib)
	$(call quiet,LINK,$@)$(link) -o $@ $(generate).o $(lib)

$(BUILD)/tests/cores/cases: $(BUILD)/tests/cores/cases.o $(lib)
	$(call quiet,LINK,$@)$(link) -o $@ $(BUILD)/tests/cores/cases.o $(lib)

$(BUILD)/tests/relay: $(BUILD)/tests/relay.o $(lib)
	$(call quiet,LINK,$@)$(link) -o $@ $(BUILD)/tests/relay.o $(lib)

# The program, with ports that a test makes up.
$(BUILD)/tests/with-ports: $(main_obj) $(BUILD)/tests/with_ports.o $(lib)
	$(call quiet,LINK,$@)$(link) -o $@ $(main_obj) \
		$(BUILD)/tests/with_ports.o $(lib)

# With other flags than last time, everything is rebuilt: sanitized objects and
# plain ones do not mix.
flags     = $(subst ',,$(compile) $(link))
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(flags)' | cmp -s - $@ || echo '$(flags)' >$@

# The whole program is a target, called and looked into.
rename_main  = -Dmain=run_program -Wno-missing-prototypes
rename_facts = -Dfacts_show=facts_show_all
$(BUILD)/fuzz/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(compile) -O1 -g $(rename_$(*F)) $(FUZZ_FLAGS) -c -o $@ $<

$(BUILD)/soak/main.o: main.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(compile) $(rename_main) -c -o $@ $<

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(compile) -c -o $@ $<

-include $(wildcard $(foreach d,* */* */*/* */*/*/*,$(BUILD)/$d.d))

# What the tests run.
tests: all $(unit_bin) $(fuzz_bin) $(soak) $(server) $(BUILD)/tests/tool \
       $(generate) $(BUILD)/tests/relay $(BUILD)/tests/with-ports \
       $(BUILD)/tests/cores/cases

# Of another processor: EMULATE="qemu-arm -L /usr/arm-linux-gnueabihf", against
# a device that this one simulates if FAR_END is where `make far-end` built it.
# On a slow machine: EFFORT=low.
EMULATE  ?=
FAR_END  ?=
EFFORT   ?= full
ifeq ($(windows),)
check: tests
	@STM32FLASH=./$(program) BUILD=$(BUILD) EFFORT=$(EFFORT) \
		EMULATE='$(EMULATE)' FAR_END='$(FAR_END)' \
		sh tests/run.sh $(TESTS)
else
# The program under Wine, on a port of this system.
host      = build/host
check: all $(BUILD)/tests/wine/console.exe
	@$(MAKE) CROSS= BUILD=$(host) far-end
	@EXE=$(program) CONSOLE=$(BUILD)/tests/wine/console.exe \
		MACHINE=$(firstword $(subst -, ,$(target))) BUILD=$(host) \
		sh tests/wine/run.sh $(TESTS)

$(BUILD)/tests/wine/console.exe: $(BUILD)/tests/wine/console.o
	$(call quiet,LINK,$@)$(link) -o $@ $<
endif

far-end: $(server) $(BUILD)/tests/tool $(BUILD)/tests/relay

help:
	@sed -n '3,/^$$/s/^# \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

# On other kinds of Linux: PLATFORMS="musl armhf".
platforms:
	@sh tests/lint/platforms.sh $(PLATFORMS)

# In QEMU, with a kernel that is downloaded: one machine, TESTS="x86", or all.
kernel: all $(server) $(BUILD)/tests/tool $(BUILD)/stm32flash-static
	@BUILD=$(BUILD) SCRIPTS="$(addprefix tests/kernel/,x86.sh arm.sh pi.sh)" \
		sh tests/run.sh $(TESTS)

demo: all $(server)
	@STM32FLASH=./$(program) BUILD=$(BUILD) sh demo/run.sh

bench: all $(server) $(BUILD)/tests/tool
	@STM32FLASH=./$(program) BUILD=$(BUILD) sh tests/bench.sh

valgrind: all $(server) $(BUILD)/tests/tool $(BUILD)/tests/relay
	@STM32FLASH=./$(program) BUILD=$(BUILD) sh tests/valgrind.sh $(TESTS)

# In a build of its own, whatever this one is.
coverage:
	@BUILD=build/coverage sh tests/coverage.sh $(TESTS)

# In the repository, as a cross build cannot run the generator.
completion: $(generate)
	@sh completion/make.sh $(generate) completion

fuzz-targets: $(fuzz_bin)

# clang alone has the engine.
fuzz:
	@sh tests/fuzz_flags.sh engine >/dev/null
	@$(MAKE) CC=clang BUILD=build/fuzzer FUZZ_MAIN= \
		FUZZ_FLAGS="$$(sh tests/fuzz_flags.sh engine)" fuzz-targets
	@BUILD=build/fuzzer sh tests/fuzz_search.sh $(FUZZ_TIME) $(FUZZ)

soak: $(soak)
	@$(soak) $(FIRST) $(RUNS)

lint:
	@sh tests/lint/lint.sh

install: all
	install -d $(install_dirs)
	install -m 755 $(program) "$(bindir)/"
	install -m 644 stm32flash.1 "$(mandir)/"
	install -m 644 completion/stm32flash.bash "$(bashdir)/stm32flash"
	install -m 644 completion/_stm32flash "$(zshdir)/"
	install -m 644 completion/stm32flash.fish "$(fishdir)/"

# Of a DESTDIR nothing is left; in a living system, directories that are empty
# now may belong to others.
uninstall:
	rm -f "$(bindir)/$(notdir $(program))" "$(mandir)/stm32flash.1" \
		"$(bashdir)/stm32flash" "$(zshdir)/_stm32flash" \
		"$(fishdir)/stm32flash.fish"
	$(if $(DESTDIR),for dir in $(install_dirs); do \
		(cd "$(DESTDIR)" && rmdir -p ".$${dir#"$(DESTDIR)"}") \
			2>/dev/null || :; done)

# The files of the last commit, or of this directory where there is no git.
dist:
	@sh tests/lint/dist.sh $(VERSION)

clean:
	rm -rf build stm32flash stm32flash.exe stm32flash-*.tar.gz

.PHONY: FORCE all help tests check demo bench completion coverage fuzz \
        fuzz-targets soak far-end kernel lint platforms valgrind install \
        uninstall dist clean
.SECONDARY:
