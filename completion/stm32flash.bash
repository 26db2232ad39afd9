# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of stm32flash for bash. Made by `make completion` from the table
# of options and completion/bash.in; changes belong there.
# shellcheck shell=bash

# The functions share the variables of _stm32flash: $cur is the word to complete,
# $option= an option before it.

# Offers the words that begin with $cur. Omits what bash splits off as separate
# words ("--erase" and "=", "sim" and ":").
_stm32flash_offer()
{
	local word

	for word; do
		[[ $word == "$cur"* ]] || continue
		word=$lead$word
		COMPREPLY+=("${word#"$before"}")
	done
}

# Has readline complete files, as it handles blanks and quotes; if that is not
# possible (bash 3), offers their names.
_stm32flash_files()
{
	local name

	compopt -o default 2>/dev/null && return
	while IFS= read -r name; do
		_stm32flash_offer "$name"
	done < <(compgen -f -- "$cur")
}

# _stm32flash_parts [PREFIX]: the parts that --device and sim: accept.
_stm32flash_parts()
{
	local parts=(
		STM32F05xxx
		STM32F030x8
		0x440
		STM32F03xx4
		STM32F03xx6
		0x444
		STM32F030xC
		STM32F09xxx
		0x442
		STM32F04xxx
		STM32F070x6
		0x445
		STM32F070xB
		STM32F071xx
		STM32F072xx
		0x448
		0x412
		0x410
		0x414
		0x420
		0x428
		STM32F105xx
		STM32F107xx
		0x418
		0x430
		0x641
		STM32F2xxxx
		0x411
		STM32F40xxx
		STM32F41xxx
		0x413
		STM32F42xxx
		STM32F43xxx
		0x419
		0x423
		0x433
		STM32F410xx
		0x458
		STM32F411xx
		0x431
		STM32F412xx
		0x441
		STM32F446xx
		0x421
		STM32F469xx
		STM32F479xx
		0x434
		STM32F413xx
		STM32F423xx
		0x463
		STM32F373xx
		STM32F378xx
		0x432
		STM32F358xx
		0x422
		STM32F301xx
		STM32F318xx
		0x439
		0x438
		STM32F398xx
		0x446
		STM32F72xxx
		STM32F73xxx
		0x452
		STM32F74xxx
		STM32F75xxx
		0x449
		STM32F76xxx
		STM32F77xxx
		0x451
		STM32G03xxx
		STM32G04xxx
		0x466
		STM32G05xxx
		STM32G061xx
		0x456
		STM32G07xxx
		STM32G08xxx
		0x460
		STM32G0B0xx
		STM32G0B1xx
		STM32G0C1xx
		0x467
		STM32G431xx
		STM32G441xx
		0x468
		STM32G47xxx
		STM32G48xxx
		0x469
		STM32G491xx
		STM32G4A1xx
		0x479
		STM32G55x
		STM32G56x
		0x44A
		STM32G53x
		STM32G54x
		0x44B
		STM32C011xx
		0x443
		STM32C031xx
		0x453
		STM32C051xx
		0x44C
		STM32C071xx
		0x493
		STM32C091xx
		STM32C092xx
		0x44D
		STM32C55xxx
		STM32C562xx
		0x44E
		STM32C53xxx
		STM32C542xx
		0x44F
		STM32C5A3xx
		STM32C59xxx
		0x45A
		STM32H503xx
		0x474
		STM32H523xx
		STM32H533xx
		0x478
		STM32H562xx
		STM32H563xx
		STM32H573xx
		0x484
		STM32H5Ex
		STM32H5Fx
		0x47A
		STM32H5x
		0x47C
		STM32H74xxx
		STM32H75xxx
		0x450
		STM32H7A3xx
		STM32H7B3xx
		STM32H7B0xx
		0x480
		STM32H72xxx
		STM32H73xxx
		0x483
		STM32H7Rxxx
		STM32H7Sxxx
		0x485
		STM32H7Pxxx
		0x47B
		STM32L01xxx
		STM32L02xxx
		0x457
		STM32L031xx
		STM32L041xx
		0x425
		STM32L05xxx
		STM32L06xxx
		0x417
		STM32L07xxx
		STM32L08xxx
		0x447
		0x416
		0x429
		STM32L1xxxC
		0x427
		STM32L1xxxD
		0x436
		STM32L1xxxE
		0x437
		STM32L412xx
		STM32L422xx
		0x464
		STM32L43xxx
		STM32L44xxx
		0x435
		STM32L45xxx
		STM32L46xxx
		0x462
		STM32L47xxx
		STM32L48xxx
		0x415
		STM32L496xx
		STM32L4A6xx
		0x461
		STM32L4Rxxx
		STM32L4Sxxx
		0x470
		STM32L4P5xx
		STM32L4Q5xx
		0x471
		STM32L552xx
		STM32L562xx
		0x472
		STM32U031xx
		0x459
		STM32U073xx
		STM32U083xx
		0x489
		STM32U375xx
		STM32U385xx
		0x454
		STM32U3B5xx
		STM32U3C5xx
		0x42A
		STM32U356
		STM32U366
		0x42B
		STM32U335
		STM32U345
		0x42C
		STM32U535xx
		STM32U545xx
		0x455
		STM32U575xx
		STM32U585xx
		0x482
		STM32U595xx
		STM32U599xx
		STM32U5A5xx
		STM32U5A9xx
		0x481
		STM32U5F7xx
		STM32U5F9xx
		STM32U5G7xx
		STM32U5G9xx
		0x476
		STM32V8xx
		0x499
		STM32WB10xx
		STM32WB15xx
		0x494
		STM32WB30xx
		STM32WB35xx
		STM32WB50xx
		STM32WB55xx
		0x495
		STM32WBA2xxx
		0x4B2
		STM32WBA5xxx
		0x492
		STM32WBA62xx
		STM32WBA63xx
		STM32WBA64xx
		STM32WBA65xx
		0x4B0
		STM32WLE5xx
		STM32WL55xx
		0x497
		STM32WL4x
		0x49A
		STM32WB05xx
		0x03B
		STM32WB06xx
		STM32WB07xx
		0x03F
		STM32WB09xx
		0x006
		STM32WL3xxx
		0x05F
		STM32W-128K
		0x9A8
		STM32W-256K
		0x9B0
		0x003
		0x02F
		W7500
		0x801
		GD32VF103
		GD32VW553KIQ6
		GD32VW553KMQ6
		GD32VW553HIQ6
		GD32VW553HMQ6
		GD32VW553KIQ7
		GD32VW553KMQ7
		GD32VW553HIQ7
		GD32VW553HMQ7
		AT32F403AVCT7
		AT32F403ARCT7
		AT32F403ACCT7
		AT32F403ACCU7
		AT32F407VCT7
		AT32F407RCT7
		AT32F403AVET7
		AT32F403ARET7
		AT32F403ACET7
		AT32F403ACEU7
		AT32F407VET7
		AT32F407RET7
		AT32F407AVCT7
		AT32F413RCT7
		AT32F415RCT7
		AT32F413RBT7
		AT32F413CCT7
		AT32F415KCU7-4
		AT32F413CBT7
		AT32F413KCU7-4
		AT32F413KBU7-4
		AT32F415CBT7
		AT32F413C8T7
		AT32F413CCU7
		AT32F413CBU7
		AT32F415CCT7
		AT32F415RCT7-7
		AT32F415RBT7
		AT32F415KBU7-4
		AT32F415RBT7-7
		AT32F415R8T7
		AT32F415C8T7
		AT32F415K8U7-4
		AT32F415CCU7
		AT32F415CBU7
		AT32F421C8T7
		AT32F421K8T7
		AT32F421K8U7
		AT32F421K8U7-4
		AT32F421F8U7
		AT32F421F8P7
		AT32F421C6T7
		AT32F421K6T7
		AT32F421K6U7
		AT32F421K6U7-4
		AT32F421F6U7
		AT32F421F6P7
		AT32F421C4T7
		AT32F421K4T7
		AT32F421K4U7
		AT32F421K4U7-4
		AT32F421F4U7
		AT32F421F4P7
		AT32F421G8U7
		AT32F421G6U7
		AT32F421G4U7
		AT32F423VCT7
		AT32F423VBT7
		AT32F423V8T7
		AT32F423RCT7
		AT32F423RBT7
		AT32F423R8T7
		AT32F423RCT7-7
		AT32F423RBT7-7
		AT32F423R8T7-7
		AT32F423CCT7
		AT32F423CBT7
		AT32F423C8T7
		AT32F423CCU7
		AT32F423CBU7
		AT32F423C8U7
		AT32F423TCU7
		AT32F423TBU7
		AT32F423T8U7
		AT32F423KCU7-4
		AT32F423KBU7-4
		AT32F423K8U7-4
		AT32F425R8T7
		AT32F425R6T7
		AT32F425R8T7-7
		AT32F425R6T7-7
		AT32F425C8T7
		AT32F425C6T7
		AT32F425C8U7
		AT32F425C6U7
		AT32F425K8T7
		AT32F425K6T7
		AT32F425K8U7-4
		AT32F425K6U7-4
		AT32F425F8P7
		AT32F425F6P7
		AT32F435ZDT7
		AT32F435ZCT7
		AT32F435VDT7
		AT32F435VCT7
		AT32F435RDT7
		AT32F435RCT7
		AT32F435CDT7
		AT32F435CCT7
		AT32F435CDU7
		AT32F435CCU7
		AT32F437ZDT7
		AT32F437ZCT7
		AT32F437VDT7
		AT32F437VCT7
		AT32F437RDT7
		AT32F437RCT7
		AT32WB415CCU7-7
	)

	_stm32flash_offer "${parts[@]/#/$1}"
}

_stm32flash_devices()
{
	local port

	if [[ $cur == sim:* ]]; then
		_stm32flash_parts sim:
		return
	fi
	for port in /dev/ttyUSB* /dev/ttyACM* /dev/ttyAMA* /dev/ttyS* \
		/dev/serial/by-id/* /dev/cu.* /dev/cuaU* /dev/i2c-*; do
		[[ ! -e $port ]] || _stm32flash_offer "$port"
	done
	if [[ sim: == "$cur"* ]]; then
		_stm32flash_offer sim:
		compopt -o nospace 2>/dev/null
	fi
	((${#COMPREPLY[@]} > 0)) || _stm32flash_files
}

_stm32flash_options()
{
	local options=(
		-a --address
		-b --baud
		-m --mode
		-r --read
		-w --write
		-f --force-binary
		-C --crc
		-u --write-unprotect
		-j --readout-protect
		-k --readout-unprotect
		-o --erase-only
		-e --erase-pages
		-s --start-page
		-S --range
		-v --verify
		-n --retries
		-g --go
		-F --frame
		-c --resume
		-i --sequence
		-R --reset
		-h --help
		--erase
		--changed
		--compare
		--blank-check
		--option-bytes
		--set
		--write-protect
		--dry-run
		--yes
		--on-chip
		--pipeline
		--format
		--device
		--list-devices
		--list-ports
		--json
		--label
		--knock
		--knock-wait
		--connect-timeout
		--progress
		--quiet
		--verbose
		--trace
		--version
	)

	_stm32flash_offer "${options[@]}"
}

_stm32flash()
{
	local line=() glue='' piece i cur option before lead=''

	COMPREPLY=()
	# bash cuts at = and : too; put the words together again.
	for ((i = 0; i <= COMP_CWORD; i++)); do
		piece=${COMP_WORDS[i]}
		if [[ $glue || $piece =~ ^[:=]+$ ]]; then
			line[${#line[@]} - 1]+=$piece
		else
			line+=("$piece")
		fi
		glue=
		[[ ! $piece =~ ^[:=]+$ ]] || glue=1
	done
	cur=${line[${#line[@]} - 1]}
	before=$cur
	[[ $glue ]] || before=${cur%"$piece"}
	option=
	((${#line[@]} < 2)) || option=${line[${#line[@]} - 2]}
	if [[ $cur == --*=* ]]; then
		option=${cur%%=*}=
		lead=$option
		cur=${cur#*=}
	elif [[ $option =~ ^-[fCujkovcRh]+([abmrwesSngFi])$ ]]; then
		option=-${BASH_REMATCH[1]}
	fi

	case $option in
	-a | --address | --address=) ;;
	-b | --baud | --baud=) _stm32flash_offer auto 9600 57600 115200 230400 460800 921600 ;;
	-m | --mode | --mode=) ;;
	-r | --read | --read=) _stm32flash_files ;;
	-w | --write | --write=) _stm32flash_files ;;
	-e | --erase-pages | --erase-pages=) ;;
	-s | --start-page | --start-page=) ;;
	-S | --range | --range=) ;;
	-n | --retries | --retries=) ;;
	-g | --go | --go=) ;;
	-F | --frame | --frame=) ;;
	-i | --sequence | --sequence=) _stm32flash_offer auto list boot0-rts boot0-rts-inverted boot0-dtr boot0-dtr-inverted boot0-rts-nrst-inverted boot0-rts-both-inverted boot0-dtr-nrst-inverted boot0-dtr-both-inverted boot0-rts-capacitor boot0-dtr-capacitor nrst-dtr nrst-dtr-inverted nrst-rts nrst-rts-inverted two-transistors two-transistors-swapped break ;;
	--help=) _stm32flash_offer all ;;
	--erase | --erase=) _stm32flash_offer chip pages none ;;
	--compare | --compare=) _stm32flash_files ;;
	--set | --set=) ;;
	--write-protect | --write-protect=) ;;
	--on-chip=) _stm32flash_offer boot0 ;;
	--format | --format=) _stm32flash_offer bin hex srec ;;
	--device | --device=) _stm32flash_parts ;;
	--label | --label=) ;;
	--knock | --knock=) ;;
	--knock-wait | --knock-wait=) ;;
	--connect-timeout | --connect-timeout=) ;;
	--progress | --progress=) _stm32flash_offer auto always never ;;
	--trace=) _stm32flash_files ;;
	*)
		if [[ $cur == -* ]]; then
			_stm32flash_options
		else
			_stm32flash_devices
		fi
		;;
	esac
}

complete -F _stm32flash stm32flash
