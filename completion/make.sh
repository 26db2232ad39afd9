#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# completion/make.sh GENERATOR DIR: the completion of each shell, into DIR. Run
# by `make completion`, and by the test that compares; from the top.
set -eu

# made SHELL FILE: all of it or none.
made() {
	"$generator" "$1" <"completion/$1.in" >"$dir/$2.part" || {
		rm -f "$dir/$2.part"
		exit 1
	}
	mv "$dir/$2.part" "$dir/$2"
}

generator=$1 dir=$2
made bash stm32flash.bash
made zsh _stm32flash
made fish stm32flash.fish
made manual actions.mdoc
