#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --option-bytes and --set on a part of each form of option bytes: what is
# printed can be set and changes nothing; one field of each word is changed, and
# all others are kept. tests/unit/test_set.c does it on all parts.
. tests/e2e/lib.sh

sheet=tests/unit/option_bytes.csv
refused='LOCK|SECURITY|KEYR|STATE|RDP|DBG_AUTH|OEM_PROVD|OTPL|FRF_DIS'
refused="$refused|SFSA|FSD|DDS|SBR|BRS|C2OPT"

# choose ID: "NAME=VALUE" of a field of each word that can be written, other
# than it is in $T/before.
choose() {
	awk -F , -v id="$1" -v refused="$refused" '
	function number(text,    i, n, digit) {
		if (text !~ /^0x/) return text + 0
		for (i = 3; i <= length(text); i++) {
			digit = index("0123456789abcdef",
				      tolower(substr(text, i, 1))) - 1
			n = n * 16 + digit
		}
		return n + 0
	}
	FNR == NR {
		split($0, part, " = ")
		now[part[1]] = number(part[2])
		address[part[1]] = length(part[2]) == 10
		next
	}
	$1 != id || $5 !~ /W/ || done[$2] || $6 ~ refused { next }
	!($6 in now) || twice[$6]++ || $9 ~ /[2-9a-f]/ { next }
	{
		unit = address[$6] ? number($7) : 0
		done[$2] = 1
		if (unit == 0) new = now[$6] % 2 ? now[$6] - 1 : now[$6] + 1
		else if (now[$6] == number($8)) new = now[$6] + unit
		else new = now[$6] - unit
		printf "%s%s=%.0f", n++ ? "," : "", $6, new
	}' "$T/before" "$sheet"
}

for id in 0x410 0x440 0x416 0x447 0x413 0x452 0x415 0x460 0x480 0x482; do
	new_chip
	dev=sim:$id,nv=$T/nv,log=$T/log,stats=$T/stats
	about "$id: what the factory has"
	flash --quiet --option-bytes "$dev"
	ends 0
	cp "$T/out" "$T/before"
	[ ! -s "$T/err" ] || grep -v 'does not show' "$T/err" >"$T/odd"
	[ ! -s "$T/odd" ] || bad "$(cat "$T/odd")"
	about "$id: the same again"
	flash --set="$(sed 's/ = /=/' "$T/before" | tr '\n' ',')" "$dev"
	ends 0
	says out "Nothing changes"
	commands 31 0
	never option
	about "$id: a field of each word"
	set=$(choose "$id")
	[ -n "$set" ] || bad "no field to change"
	flash --quiet --yes --set="$set" "$dev"
	ends 0
	grep -e '->' "$T/out" | sed 's/^\(.*\): .* -> \(.*\)$/\1 = \2/' \
		>"$T/changes"
	words=$(echo "$set" | tr ',' '\n' | wc -l)
	if [ "$(wc -l <"$T/changes")" -ge "$words" ]; then good; else
		bad "$words fields set: $set"
	fi
	awk -F ' = ' 'FNR == NR { new[$1] = $2; next }
		$1 in new { $0 = $1 " = " new[$1] } 1' \
		"$T/changes" "$T/before" >"$T/expected"
	about "$id: all others are kept"
	flash --quiet --option-bytes "$dev"
	ends 0
	same "$T/expected" "$T/out"
	lacks err complement
done

# Several fields of a register go in one write, and all of an area.
while read -r id writes set; do
	about "$id --set=$set: $writes writes"
	use_sim "sim:$id"
	flash --set="$set" --yes "$dev"
	ends 0
	commands 31 "$writes"
	n=$(grep -c -e ' -> ' "$T/out")
	if [ "$n" -eq "$(echo "$set" | tr ',' '\n' | wc -l)" ]; then good; else
		bad "$n changes"
	fi
done <<'EOF'
0x410 1 WDG_SW=0,nRST_STOP=0,nRST_STDBY=0
0x410 1 WDG_SW=0,Data0=0x12,Data1=0x34,WRP24=0x7F
0x416 1 BOR_LEV=8,nRST_STOP=0,WRP0=1
0x413 1 BOR_LEV=1,WDG_SW=0,WRP0=0xFFE
0x460 1 nRST_STOP=0,nRST_STDBY=0,WRP1A_STRT=0x08000000
0x415 2 nRST_STOP=0,WRP2A_STRT=0x08080000
0x450 1 NRST_STOP_D1=0,NRST_STBY_D1=0,BOR_LEV=2
0x450 2 NRST_STOP_D1=0,NRST_STBY_D1=0,nWRP0=0xFE
0x482 1 nRST_STOP=0,nRST_STDBY=0,BOR_LEV=2
EOF

# Fillers would be the first that a ROM hears that has reset late.
for rom in 2.2 3.1 strict; do
	for ms in 400 900 1400 2400; do
		about "rom=$rom: option bytes that take $ms ms"
		use_sim "sim:0x410,rom=$rom,terase=$ms"
		flash --set=Data0=0x12 "$dev"
		ends 0
		says out "no retries"
		flash --write-protect=1 "$dev"
		ends 0
		commands 63 1
	done
done

# These were misread as 0x450 and 0x470, which have other option bytes, and none of
# them is shown there.
for id in 0x440 0x460; do
	about "$id: an ID that was misread"
	use_sim "sim:$id"
	flash --quiet --option-bytes "$dev"
	ends 0
	cp "$T/out" "$T/expected"
	for seed in 125 126 127 128; do
		use_sim "sim:$id,seed=$seed,drop=0.001,flip=0.001,insert=0.001"
		flash --quiet --option-bytes "$dev"
		case $status in
		0) same "$T/expected" "$T/out" ;;
		1) says err "the product ID was 0x4" ;;
		*) bad "exit status $status" ;;
		esac
	done
done

about "a write that is refused: the message has the cause"
refused=$(for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf ',nack=write:%d' $i; done)
for set in 0x460:IWDG_SW=0 0x450:NRST_STOP_D1=0; do
	use_sim "sim:${set%%:*}$refused"
	flash --set="${set#*:}" "$dev"
	ends 5
	says err "write refused at"
done
finish
