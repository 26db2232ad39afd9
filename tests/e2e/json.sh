#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --json: one object per line on standard output and nothing else, read by an
# independent parser. Without python3 checks only what grep can find.
. tests/e2e/lib.sh

"$tool" pattern 5000 3 >"$T/image"
"$tool" hex 0x08000000 16 <"$T/image" >"$T/image.hex"
printf 'not hex\n' >"$T/bad.hex"

# Reads and checks objects, and prints "type.member value" lines.
cat >"$T/reader.py" <<'END'
import json, sys

def flat(name, value):
    if isinstance(value, dict):
        for key in value:
            flat(name + "." + key, value[key])
    else:
        print(name, json.dumps(value))

def unique(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), "a member twice"
    return dict(pairs)

data = open(sys.argv[1], "rb").read().decode("utf-8")
assert data.endswith("\n"), "the last line has no end"
lines = data[:-1].split("\n")
objects = [json.loads(line, object_pairs_hook=unique) for line in lines]
assert all(isinstance(o, dict) and list(o)[0] == "type" for o in objects)
assert objects[0]["type"] == "program" and objects[0]["schema"] == 1
assert objects[-1]["type"] == "result"
assert [o["type"] for o in objects].count("result") == 1
errors = [o for o in objects if o["type"] == "error"]
assert bool(errors) == (objects[-1]["status"] != 0)
if errors:
    assert errors[0]["status"] == objects[-1]["status"]
    assert errors[0]["code"] == objects[-1]["code"]
stages = {}
for o in objects:
    if o["type"] != "stage":
        continue
    assert 0 <= o["done"] <= o["total"] and o["seconds"] >= 0
    if o["event"] == "begin":
        assert o["stage"] not in stages
        stages[o["stage"]] = 0
    assert o["done"] >= stages[o["stage"]], "a stage goes back"
    stages[o["stage"]] = o["done"]
    if o["event"] == "end":
        assert o["done"] == o["total"]
for o in objects:
    flat(o["type"], {k: o[k] for k in o if k != "type"})
END
# The interpreter itself, as a wrapper before it is slower.
python=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null) || python=

# json ARGS...: a run with --json, read into $T/members.
json() {
	flash --json "$@"
	n=$(grep -vc '^{"type":"[a-z]*".*}$' "$T/out")
	if [ "$n" -eq 0 ]; then good; else bad "$n lines are no object"; fi
	[ -n "$python" ] || return 0
	if "$python" "$T/reader.py" "$T/out" >"$T/members" 2>"$T/reader.err"; then
		good
	else
		bad "not as it should be: $(tail -n 1 "$T/reader.err")"
	fi
}

# member "type.name value"
member() {
	[ -n "$python" ] || return 0
	if grep -qxF -e "$1" "$T/members"; then good; else
		bad "no $1, but: $(grep "^${1%% *} " "$T/members")"
	fi
}

about "facts"
use_sim sim:0x410,size=64K
json "$dev"
ends 0
[ -s "$T/err" ] && bad "something on standard error"
member 'program.name "stm32flash"'
member 'chip.id "0x410"'
member 'chip.name "STM32F10xxx Medium-density"'
member 'chip.bootloader "0x22"'
member 'chip.flash_bytes 65536'
member 'chip.flash_start 134217728'
member 'chip.flash_size_read true'
member 'chip.ram_start 536871424'
member 'chip.known true'
member 'result.status 0'
member 'result.code "done"'

about "a full run"
use_sim sim:0x410,size=64K
json -w "$T/image.hex" -v -g 0 "$dev"
ends 0
member 'file.format "Intel HEX"'
member 'file.bytes 5000'
member 'file.start 134217728'
member 'plan.pages_erased 64'
member 'plan.bytes_written 5000'
member 'plan.dry_run false'
member 'stage.unit "pages"'
member 'stage.stage "erase"'
member 'stage.stage "write"'
member 'stage.stage "verify"'
member 'stage.event "end"'
member 'action.action "go"'
member 'result.bytes_written 5000'
member 'result.bytes_verified 5000'
member 'result.pages_erased 64'
member 'result.retries 0'
holds 0 "$T/image"

about "what it sent is what the device got"
use_sim sim:0x410,size=64K
json -w "$T/image" "$dev"
n=$(sed -n 's/^result.wire_sent //p' "$T/members" 2>/dev/null)
[ -z "$python" ] || counts bytes_in "$n"

about "progress, retries and notes"
use_sim sim:0x410,size=64K,drop=1e-4,seed=2,pace=1
json -b 115200 --verbose -w "$T/image" -v "$dev"
ends 0
member 'stage.event "progress"'
if [ -n "$python" ] && grep -q '^note.text ".*resynchronising"' "$T/members"
then good; elif [ -n "$python" ]; then bad "no note of a retry"; fi

about "an erase that lasts"
use_sim sim:0x413,size=64K,pace=1,busy=2000
json -b 115200 -o "$dev"
ends 0
member 'stage.event "begin"'
member 'stage.event "wait"'
member 'stage.event "end"'

about "nothing to write: stages begin all the same"
"$tool" pad 1024 255 </dev/null >"$T/blank"
use_sim sim:0x410,size=64K
json -w "$T/blank" -v "$dev"
ends 0
for stage in write verify; do
	says out "\"stage\":\"$stage\",\"event\":\"begin\""
	says out "\"stage\":\"$stage\",\"event\":\"end\""
done
grep '"type":"stage"' "$T/out" | grep -v '"seconds":0\.[0-9]*}' >"$T/late"
[ -s "$T/late" ] && bad "a stage of long ago: $(cat "$T/late")"

about "an erase by pages, and one of the chip by itself, have no wait"
json -o -S 0x08000000:0x80000 sim:0x495
ends 0
lacks out '"event":"wait"'
json -k sim:0x413,size=64K,rdp=1
ends 0
lacks out '"type":"stage"'

about "the rest of the actions"
"$tool" pad 65536 255 <"$T/image" >"$T/full"
use_sim sim:0x410,size=64K "$T/full"
json -C -S 0x08000000:1024 "$dev"
ends 0
member 'crc.start 134217728'
member 'crc.end 134218752'
"$STM32FLASH" -C -S 0x08000000:1024 "$dev" >"$T/text"
crc=$(sed -n 's/^CRC(.*) = //p' "$T/text")
member "crc.crc \"$crc\""
json -r "$T/back" -S 0x08000000:512 "$dev"
ends 0
member 'stage.stage "read"'
member 'result.bytes_read 512'
json -u "$dev"
member 'action.action "write_unprotect"'
json -j "$dev"
member 'action.action "readout_protect"'
json -k "$dev"
member 'action.action "readout_unprotect"'
json -R "$dev"
member 'action.action "reset"'
json -w "$T/image" "$dev"
ends 0
json -w "$T/image" --changed "$dev"
member 'changed.pages_same 5'
member 'changed.by "reading"'
json -w "$T/image" --dry-run "$dev"
member 'plan.dry_run true'
json -w "$T/image" --dry-run --device=0x447
ends 0
member 'plan.dry_run true'

about "warnings"
use_sim sim:0x410,size=64K
"$tool" ramp 100 >"$T/ramp"
json -w "$T/ramp" "$dev"
ends 0
says out '{"type":"warning","text":"the image does not begin'
says err "warning: the image does not begin"

about "--quiet: no more than begin, error and end"
json --quiet -w "$T/ramp" "$dev"
ends 0
n=$(grep -c . "$T/out")
if [ "$n" -eq 2 ]; then good; else bad "$n objects"; fi

# failed STATUS CODE ARGS...: the error, the result and the program have the
# same status.
failed() {
	want=$1 code=$2
	shift 2
	json "$@"
	ends "$want"
	member "error.status $want"
	member "error.code \"$code\""
	member "result.status $want"
	member "result.code \"$code\""
	# the same text as without --json
	text=$(sed -n 's/^{"type":"error".*"text":"\(.*\)"}$/\1/p' "$T/out" |
		sed 's/\\"/"/g' | head -n 1)
	says err "stm32flash: $text"
}

about "failures"
use_sim sim:0x410
failed 2 usage -x "$dev"
failed 2 usage
failed 2 usage -b abc "$dev"
failed 2 usage -r - "$dev"
failed 2 usage -o -S 0x08000001:4 "$dev"
failed 1 device -w "$T/image" -S 0x09000000 "$dev"
failed 3 port "$T/no-such-port"
failed 4 no_answer sim:0x410,mute=1
failed 5 protected -r "$T/back" sim:0x410,rdp=1
failed 7 file -w "$T/bad.hex" "$dev"
failed 7 file -w "$T/none" "$dev"
# the option is found at any position
flash -x --json "$dev"
says out '"type":"error","code":"usage"'

if ! on_windows; then	# no file has such a name there
	about "a name that is no UTF-8, with quotes"
	odd=$(printf 'a"\\b\344\n\001c')
	cp "$T/image" "$T/$odd"
	json -w "$T/$odd" "$dev"
	ends 0
	if [ -n "$python" ] &&
		grep -q '^file.name .*a\\"\\\\b\\ufffd\\n\\u0001c"$' \
			"$T/members"; then good; elif [ -n "$python" ]; then
		bad "not that name: $(grep ^file.name "$T/members")"
	fi
fi

about "lists"
json --list-devices
ends 0
member 'device.id "0x447"'
json --list-ports
ends 0

about "help and version are text"
flash --json --version
ends 0
lacks out '{'
flash --json -h
ends 0
lacks out '{"type'

about "stopped"
if [ -n "$python" ] && ! on_windows; then
	start_sim sim:0x410,size=64K,pace=1
	start_run --json -w "$T/image" "$dev"
	until_said '"stage":"write","event":"progress"' "$T/out"
	end_run TERM
	ends 143
	"$python" "$T/reader.py" "$T/out" >"$T/members" 2>"$T/err" || bad "JSON"
	member 'error.code "signal"'
	member 'result.status 143'
fi

[ -n "$python" ] || echo "the parser: skip: no python3"
finish
