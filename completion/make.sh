#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# completion/make.sh GENERATOR DIR: writes the completion of each shell to DIR.
# Run from the top by `make completion` and by the test that compares.
set -eu

# made SHELL FILE: writes a complete file, or none.
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
