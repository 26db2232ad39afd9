#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --option-bytes and --set on every part that has names for them: what is printed
# can be set and changes nothing; one field of each word is changed, and all
# others are kept.
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

for id in $(sed -n 's/^\(0x[^,]*\),.*/\1/p' "$sheet" | uniq); do
	sampled 7 || continue
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

about "a write that is refused: the message has the cause"
refused=$(for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf ',nack=write:%d' $i; done)
for set in 0x460:IWDG_SW=0 0x450:NRST_STOP_D1=0; do
	use_sim "sim:${set%%:*}$refused"
	flash --set="${set#*:}" "$dev"
	ends 5
	says err "write refused at"
done
finish
