# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of stm32flash for fish. Made by `make completion` from the table
# of options and completion/fish.in; changes belong there.

# __stm32flash_parts [PREFIX]: the parts that --device and sim: accept.
function __stm32flash_parts
    printf "$argv[1]%s\t%s\n" \
        STM32F05xxx '0x440' \
        STM32F030x8 '0x440' \
        0x440 'STM32F05xxx and STM32F030x8' \
        STM32F03xx4 '0x444' \
        STM32F03xx6 '0x444' \
        0x444 'STM32F03xx4/6' \
        STM32F030xC '0x442' \
        STM32F09xxx '0x442' \
        0x442 'STM32F030xC and STM32F09xxx' \
        STM32F04xxx '0x445' \
        STM32F070x6 '0x445' \
        0x445 'STM32F04xxx and STM32F070x6' \
        STM32F070xB '0x448' \
        STM32F071xx '0x448' \
        STM32F072xx '0x448' \
        0x448 'STM32F070xB and STM32F071xx/072xx' \
        0x412 'STM32F10xxx Low-density' \
        0x410 'STM32F10xxx Medium-density' \
        0x414 'STM32F10xxx High-density' \
        0x420 'STM32F10xxx Medium-density value line' \
        0x428 'STM32F10xxx High-density value line' \
        STM32F105xx '0x418' \
        STM32F107xx '0x418' \
        0x418 'STM32F105xx/107xx' \
        0x430 'STM32F10xxx XL-density' \
        0x641 'STM32F10xxx Medium-density performance line' \
        STM32F2xxxx '0x411' \
        0x411 'STM32F2xxxx' \
        STM32F40xxx '0x413' \
        STM32F41xxx '0x413' \
        0x413 'STM32F40xxx/41xxx' \
        STM32F42xxx '0x419' \
        STM32F43xxx '0x419' \
        0x419 'STM32F42xxx/43xxx' \
        0x423 'STM32F401xB(C)' \
        0x433 'STM32F401xD(E)' \
        STM32F410xx '0x458' \
        0x458 'STM32F410xx' \
        STM32F411xx '0x431' \
        0x431 'STM32F411xx' \
        STM32F412xx '0x441' \
        0x441 'STM32F412xx' \
        STM32F446xx '0x421' \
        0x421 'STM32F446xx' \
        STM32F469xx '0x434' \
        STM32F479xx '0x434' \
        0x434 'STM32F469xx/479xx' \
        STM32F413xx '0x463' \
        STM32F423xx '0x463' \
        0x463 'STM32F413xx/423xx' \
        STM32F373xx '0x432' \
        STM32F378xx '0x432' \
        0x432 'STM32F373xx and STM32F378xx' \
        STM32F358xx '0x422' \
        0x422 'STM32F302xB(C)/303xB(C) and STM32F358xx' \
        STM32F301xx '0x439' \
        STM32F318xx '0x439' \
        0x439 'STM32F301xx/302x4(6/8) and STM32F318xx' \
        0x438 'STM32F303x4(6/8)/334xx/328xx' \
        STM32F398xx '0x446' \
        0x446 'STM32F302xD(E)/303xD(E) and STM32F398xx' \
        STM32F72xxx '0x452' \
        STM32F73xxx '0x452' \
        0x452 'STM32F72xxx/73xxx' \
        STM32F74xxx '0x449' \
        STM32F75xxx '0x449' \
        0x449 'STM32F74xxx/75xxx' \
        STM32F76xxx '0x451' \
        STM32F77xxx '0x451' \
        0x451 'STM32F76xxx/77xxx' \
        STM32G03xxx '0x466' \
        STM32G04xxx '0x466' \
        0x466 'STM32G03xxx/04xxx' \
        STM32G05xxx '0x456' \
        STM32G061xx '0x456' \
        0x456 'STM32G05xxx/061xx' \
        STM32G07xxx '0x460' \
        STM32G08xxx '0x460' \
        0x460 'STM32G07xxx/08xxx' \
        STM32G0B0xx '0x467' \
        STM32G0B1xx '0x467' \
        STM32G0C1xx '0x467' \
        0x467 'STM32G0B0xx and STM32G0B1xx/0C1xx' \
        STM32G431xx '0x468' \
        STM32G441xx '0x468' \
        0x468 'STM32G431xx/441xx' \
        STM32G47xxx '0x469' \
        STM32G48xxx '0x469' \
        0x469 'STM32G47xxx/48xxx' \
        STM32G491xx '0x479' \
        STM32G4A1xx '0x479' \
        0x479 'STM32G491xx/4A1xx' \
        STM32G55x '0x44A' \
        STM32G56x '0x44A' \
        0x44A 'STM32G55x/G56x' \
        STM32G53x '0x44B' \
        STM32G54x '0x44B' \
        0x44B 'STM32G53x/G54x' \
        STM32C011xx '0x443' \
        0x443 'STM32C011xx' \
        STM32C031xx '0x453' \
        0x453 'STM32C031xx' \
        STM32C051xx '0x44C' \
        0x44C 'STM32C051xx' \
        STM32C071xx '0x493' \
        0x493 'STM32C071xx' \
        STM32C091xx '0x44D' \
        STM32C092xx '0x44D' \
        0x44D 'STM32C091xx/92xx' \
        STM32C55xxx '0x44E' \
        STM32C562xx '0x44E' \
        0x44E 'STM32C55xxx/562xx' \
        STM32C53xxx '0x44F' \
        STM32C542xx '0x44F' \
        0x44F 'STM32C53xxx/542xx' \
        STM32C5A3xx '0x45A' \
        STM32C59xxx '0x45A' \
        0x45A 'STM32C5A3xx/59xxx' \
        STM32H503xx '0x474' \
        0x474 'STM32H503xx' \
        STM32H523xx '0x478' \
        STM32H533xx '0x478' \
        0x478 'STM32H523xx/533xx' \
        STM32H562xx '0x484' \
        STM32H563xx '0x484' \
        STM32H573xx '0x484' \
        0x484 'STM32H562xx/563xx/573xx' \
        STM32H5Ex '0x47A' \
        STM32H5Fx '0x47A' \
        0x47A 'STM32H5Ex/5Fx' \
        STM32H5x '0x47C' \
        0x47C 'STM32H5x (1 Mbyte)' \
        STM32H74xxx '0x450' \
        STM32H75xxx '0x450' \
        0x450 'STM32H74xxx/75xxx' \
        STM32H7A3xx '0x480' \
        STM32H7B3xx '0x480' \
        STM32H7B0xx '0x480' \
        0x480 'STM32H7A3xx/7B3xx/7B0xx' \
        STM32H72xxx '0x483' \
        STM32H73xxx '0x483' \
        0x483 'STM32H72xxx/73xxx' \
        STM32H7Rxxx '0x485' \
        STM32H7Sxxx '0x485' \
        0x485 'STM32H7Rxxx/7Sxxx' \
        STM32H7Pxxx '0x47B' \
        0x47B 'STM32H7Pxxx' \
        STM32L01xxx '0x457' \
        STM32L02xxx '0x457' \
        0x457 'STM32L01xxx/02xxx' \
        STM32L031xx '0x425' \
        STM32L041xx '0x425' \
        0x425 'STM32L031xx/041xx' \
        STM32L05xxx '0x417' \
        STM32L06xxx '0x417' \
        0x417 'STM32L05xxx/06xxx' \
        STM32L07xxx '0x447' \
        STM32L08xxx '0x447' \
        0x447 'STM32L07xxx/08xxx' \
        0x416 'STM32L1xxx6(8/B)' \
        0x429 'STM32L1xxx6(8/B)A' \
        STM32L1xxxC '0x427' \
        0x427 'STM32L1xxxC' \
        STM32L1xxxD '0x436' \
        0x436 'STM32L1xxxD' \
        STM32L1xxxE '0x437' \
        0x437 'STM32L1xxxE' \
        STM32L412xx '0x464' \
        STM32L422xx '0x464' \
        0x464 'STM32L412xx/422xx' \
        STM32L43xxx '0x435' \
        STM32L44xxx '0x435' \
        0x435 'STM32L43xxx/44xxx' \
        STM32L45xxx '0x462' \
        STM32L46xxx '0x462' \
        0x462 'STM32L45xxx/46xxx' \
        STM32L47xxx '0x415' \
        STM32L48xxx '0x415' \
        0x415 'STM32L47xxx/48xxx' \
        STM32L496xx '0x461' \
        STM32L4A6xx '0x461' \
        0x461 'STM32L496xx/4A6xx' \
        STM32L4Rxxx '0x470' \
        STM32L4Sxxx '0x470' \
        0x470 'STM32L4Rxxx/4Sxxx' \
        STM32L4P5xx '0x471' \
        STM32L4Q5xx '0x471' \
        0x471 'STM32L4P5xx/4Q5xx' \
        STM32L552xx '0x472' \
        STM32L562xx '0x472' \
        0x472 'STM32L552xx/562xx' \
        STM32U031xx '0x459' \
        0x459 'STM32U031xx' \
        STM32U073xx '0x489' \
        STM32U083xx '0x489' \
        0x489 'STM32U073xx/83xx' \
        STM32U375xx '0x454' \
        STM32U385xx '0x454' \
        0x454 'STM32U375xx/385xx' \
        STM32U3B5xx '0x42A' \
        STM32U3C5xx '0x42A' \
        0x42A 'STM32U3B5xx/3C5xx' \
        STM32U356 '0x42B' \
        STM32U366 '0x42B' \
        0x42B 'STM32U356/U366' \
        STM32U335 '0x42C' \
        STM32U345 '0x42C' \
        0x42C 'STM32U335/U345' \
        STM32U535xx '0x455' \
        STM32U545xx '0x455' \
        0x455 'STM32U535xx/545xx' \
        STM32U575xx '0x482' \
        STM32U585xx '0x482' \
        0x482 'STM32U575xx/585xx' \
        STM32U595xx '0x481' \
        STM32U599xx '0x481' \
        STM32U5A5xx '0x481' \
        STM32U5A9xx '0x481' \
        0x481 'STM32U595xx/599xx/5A5xx/5A9xx' \
        STM32U5F7xx '0x476' \
        STM32U5F9xx '0x476' \
        STM32U5G7xx '0x476' \
        STM32U5G9xx '0x476' \
        0x476 'STM32U5F7xx/5F9xx/5G7xx/5G9xx' \
        STM32V8xx '0x499' \
        0x499 'STM32V8xx' \
        STM32WB10xx '0x494' \
        STM32WB15xx '0x494' \
        0x494 'STM32WB10xx/15xx' \
        STM32WB30xx '0x495' \
        STM32WB35xx '0x495' \
        STM32WB50xx '0x495' \
        STM32WB55xx '0x495' \
        0x495 'STM32WB30xx/35xx/50xx/55xx' \
        STM32WBA2xxx '0x4B2' \
        0x4B2 'STM32WBA2xxx' \
        STM32WBA5xxx '0x492' \
        0x492 'STM32WBA5xxx' \
        STM32WBA62xx '0x4B0' \
        STM32WBA63xx '0x4B0' \
        STM32WBA64xx '0x4B0' \
        STM32WBA65xx '0x4B0' \
        0x4B0 'STM32WBA62xx/63xx/64xx/65xx' \
        STM32WLE5xx '0x497' \
        STM32WL55xx '0x497' \
        0x497 'STM32WLE5xx/55xx' \
        STM32WL4x '0x49A' \
        0x49A 'STM32WL4x' \
        STM32WB05xx '0x03B' \
        0x03B 'STM32WB05xx' \
        STM32WB06xx '0x03F' \
        STM32WB07xx '0x03F' \
        0x03F 'STM32WB06xx/07xx' \
        STM32WB09xx '0x006' \
        0x006 'STM32WB09xx' \
        STM32WL3xxx '0x05F' \
        0x05F 'STM32WL3xxx' \
        STM32W-128K '0x9A8' \
        0x9A8 'STM32W-128K' \
        STM32W-256K '0x9B0' \
        0x9B0 'STM32W-256K' \
        0x003 'ST BlueNRG-1' \
        0x02F 'ST BlueNRG-2' \
        W7500 '0x801' \
        0x801 'Wiznet W7500' \
        GD32VF103 '0x410' \
        GD32VW553KIQ6 '0x50494B36' \
        GD32VW553KMQ6 '0x504D4B36' \
        GD32VW553HIQ6 '0x50494836' \
        GD32VW553HMQ6 '0x504D4836' \
        GD32VW553KIQ7 '0x50494B37' \
        GD32VW553KMQ7 '0x504D4B37' \
        GD32VW553HIQ7 '0x50494837' \
        GD32VW553HMQ7 '0x504D4837' \
        AT32F403AVCT7 '0x70050240' \
        AT32F403ARCT7 '0x70050241' \
        AT32F403ACCT7 '0x70050242' \
        AT32F403ACCU7 '0x70050243' \
        AT32F407VCT7 '0x70050249' \
        AT32F407RCT7 '0x7005024A' \
        AT32F403AVET7 '0x700502CD' \
        AT32F403ARET7 '0x700502CE' \
        AT32F403ACET7 '0x700502CF' \
        AT32F403ACEU7 '0x700502D0' \
        AT32F407VET7 '0x700502D1' \
        AT32F407RET7 '0x700502D2' \
        AT32F407AVCT7 '0x70050254' \
        AT32F413RCT7 '0x70030240' \
        AT32F415RCT7 '0x70030240' \
        AT32F413RBT7 '0x700301C1' \
        AT32F413CCT7 '0x70030242' \
        AT32F415KCU7-4 '0x70030242' \
        AT32F413CBT7 '0x700301C3' \
        AT32F413KCU7-4 '0x70030244' \
        AT32F413KBU7-4 '0x700301C5' \
        AT32F415CBT7 '0x700301C5' \
        AT32F413C8T7 '0x70030106' \
        AT32F413CCU7 '0x70030247' \
        AT32F413CBU7 '0x700301CA' \
        AT32F415CCT7 '0x70030241' \
        AT32F415RCT7-7 '0x70030243' \
        AT32F415RBT7 '0x700301C4' \
        AT32F415KBU7-4 '0x700301C6' \
        AT32F415RBT7-7 '0x700301C7' \
        AT32F415R8T7 '0x70030108' \
        AT32F415C8T7 '0x70030109' \
        AT32F415K8U7-4 '0x7003010A' \
        AT32F415CCU7 '0x7003024C' \
        AT32F415CBU7 '0x700301CD' \
        AT32F421C8T7 '0x50020100' \
        AT32F421K8T7 '0x50020101' \
        AT32F421K8U7 '0x50020102' \
        AT32F421K8U7-4 '0x50020103' \
        AT32F421F8U7 '0x50020104' \
        AT32F421F8P7 '0x50020105' \
        AT32F421C6T7 '0x50020086' \
        AT32F421K6T7 '0x50020087' \
        AT32F421K6U7 '0x50020088' \
        AT32F421K6U7-4 '0x50020089' \
        AT32F421F6U7 '0x5002008A' \
        AT32F421F6P7 '0x5002008B' \
        AT32F421C4T7 '0x5001000C' \
        AT32F421K4T7 '0x5001000D' \
        AT32F421K4U7 '0x5001000E' \
        AT32F421K4U7-4 '0x5001000F' \
        AT32F421F4U7 '0x50010010' \
        AT32F421F4P7 '0x50010011' \
        AT32F421G8U7 '0x50020112' \
        AT32F421G6U7 '0x50020093' \
        AT32F421G4U7 '0x50010014' \
        AT32F423VCT7 '0x700A3240' \
        AT32F423VBT7 '0x700A21C1' \
        AT32F423V8T7 '0x70032102' \
        AT32F423RCT7 '0x700A3243' \
        AT32F423RBT7 '0x700A21C4' \
        AT32F423R8T7 '0x70032105' \
        AT32F423RCT7-7 '0x700A3246' \
        AT32F423RBT7-7 '0x700A21C7' \
        AT32F423R8T7-7 '0x70032108' \
        AT32F423CCT7 '0x700A3249' \
        AT32F423CBT7 '0x700A21CA' \
        AT32F423C8T7 '0x7003210B' \
        AT32F423CCU7 '0x700A324C' \
        AT32F423CBU7 '0x700A21CD' \
        AT32F423C8U7 '0x7003210E' \
        AT32F423TCU7 '0x700A3250' \
        AT32F423TBU7 '0x700A21D1' \
        AT32F423T8U7 '0x70032112' \
        AT32F423KCU7-4 '0x700A3253' \
        AT32F423KBU7-4 '0x700A21D4' \
        AT32F423K8U7-4 '0x70032115' \
        AT32F425R8T7 '0x50092100' \
        AT32F425R6T7 '0x50092081' \
        AT32F425R8T7-7 '0x50092103' \
        AT32F425R6T7-7 '0x50092084' \
        AT32F425C8T7 '0x50092106' \
        AT32F425C6T7 '0x50092087' \
        AT32F425C8U7 '0x50092109' \
        AT32F425C6U7 '0x5009208A' \
        AT32F425K8T7 '0x5009210C' \
        AT32F425K6T7 '0x5009208D' \
        AT32F425K8U7-4 '0x5009210F' \
        AT32F425K6U7-4 '0x50092090' \
        AT32F425F8P7 '0x50092112' \
        AT32F425F6P7 '0x50092093' \
        AT32F435ZDT7 '0x70084598' \
        AT32F435ZCT7 '0x70083242' \
        AT32F435VDT7 '0x70084599' \
        AT32F435VCT7 '0x70083245' \
        AT32F435RDT7 '0x7008459A' \
        AT32F435RCT7 '0x70083248' \
        AT32F435CDT7 '0x7008459B' \
        AT32F435CCT7 '0x7008324B' \
        AT32F435CDU7 '0x7008459C' \
        AT32F435CCU7 '0x7008324E' \
        AT32F437ZDT7 '0x7008459D' \
        AT32F437ZCT7 '0x70083251' \
        AT32F437VDT7 '0x7008459E' \
        AT32F437VCT7 '0x70083254' \
        AT32F437RDT7 '0x7008459F' \
        AT32F437RCT7 '0x70083257' \
        AT32WB415CCU7-7 '0x70030250'
end

function __stm32flash_devices
    set -l word (commandline -ct)
    string match -q -- '-*' $word
    and return
    if string match -q -- 'sim:*' $word
        __stm32flash_parts sim:
        return
    end
    set -l ports /dev/ttyUSB* /dev/ttyACM* /dev/ttyAMA* /dev/ttyS* \
        /dev/serial/by-id/* /dev/cu.* /dev/cuaU* /dev/i2c-*
    for port in $ports
        echo $port
    end
    printf 'sim:\tsimulated part\n'
    string match -q -- '*/*' $word
    and not string match -q -- "$word*" $ports
    and __fish_complete_path $word
end

# The file argument of an option that needs it after a =, or needs none.
function __stm32flash_attached
    __fish_complete_path (commandline -ct | string replace -r '^--[^=]*=' '')
end

complete -c stm32flash -f -a '(__stm32flash_devices)'
complete -c stm32flash -s a -l address -x -d 'I2C address, 0x03 to 0x77'
complete -c stm32flash -s b -l baud -x -a 'auto\t"the fastest without retries" 9600\t"" 57600\t"" 115200\t"" 230400\t"" 460800\t"" 921600\t""' -d 'bit/s (57600); 0 keeps the port\'s rate; auto needs -i'
complete -c stm32flash -s m -l mode -x -d 'data bits, parity and stop bits (8e1)'
complete -c stm32flash -s r -l read -r -F -d 'read flash, or the -S range, to a file (- is stdout)'
complete -c stm32flash -s w -l write -r -F -d 'write a file (- is stdin), repeatable; BIN@0xADDR'
complete -c stm32flash -s f -l force-binary -d 'treat the file as raw binary (with -w, --compare)'
complete -c stm32flash -s C -l crc -d 'print the CRC of the flash or the -S range'
complete -c stm32flash -s u -l write-unprotect -d 'lift the write protection'
complete -c stm32flash -s j -l readout-protect -d 'set the readout protection'
complete -c stm32flash -s k -l readout-unprotect -d 'lift the readout protection; erases everything'
complete -c stm32flash -s o -l erase-only -d 'erase the flash, the -S range or the -s and -e pages'
complete -c stm32flash -s e -l erase-pages -x -d 'number of pages, from -s on; 0 erases none (with -C, -o, -r, -w, --compare, --blank-check)'
complete -c stm32flash -s s -l start-page -x -d 'first page; the first of the flash is 0 (with -C, -o, -r, -w, --compare, --blank-check)'
complete -c stm32flash -s S -l range -x -d 'range to read, write, erase or check (with -C, -o, -r, -w, --compare, --blank-check)'
complete -c stm32flash -s v -l verify -d 'verify after -w; with -r, read twice (with -r, -w)'
complete -c stm32flash -s n -l retries -x -d 'retries of a failed write (10) (with -w)'
complete -c stm32flash -s g -l go -x -d 'start the program at addr; 0 is the flash start'
complete -c stm32flash -s F -l frame -x -d 'longest frames of the adapter, in bytes (256:258)'
complete -c stm32flash -s c -l resume -d 'resume a session that an earlier run left open'
complete -c stm32flash -s i -l sequence -x -a 'auto\t"finds it" list\t"prints common wirings" boot0-rts\t"" boot0-rts-inverted\t"" boot0-dtr\t"" boot0-dtr-inverted\t"" boot0-rts-nrst-inverted\t"" boot0-rts-both-inverted\t"" boot0-dtr-nrst-inverted\t"" boot0-dtr-both-inverted\t"" boot0-rts-capacitor\t"" boot0-dtr-capacitor\t"" nrst-dtr\t"" nrst-dtr-inverted\t"" nrst-rts\t"" nrst-rts-inverted\t"" two-transistors\t"" two-transistors-swapped\t"" break\t""' -d '[entry][:[exit]]: rts, dtr, brk, GPIO; a name; auto'
complete -c stm32flash -s R -l reset -d 'reset the chip at the end of the run'
complete -c stm32flash -s h -d 'show the most used options, or all'
complete -c stm32flash -l help -a 'all\t""' -d 'show the most used options, or all'
complete -c stm32flash -l erase -x -a 'chip\t"" pages\t"those of the file" none\t""' -d 'erase chip, pages (those of the file) or none (with -o, -w)'
complete -c stm32flash -l changed -d 'write only the pages that differ (with -w)'
complete -c stm32flash -l compare -r -F -d 'list the ranges where memory and file differ'
complete -c stm32flash -l blank-check -d 'check that the flash or the -S range is erased'
complete -c stm32flash -l option-bytes -d 'print the option bytes by name'
complete -c stm32flash -l set -x -d 'change option bytes by name, separated by commas'
complete -c stm32flash -l write-protect -x -d 'write-protect these units, unprotect the others'
complete -c stm32flash -l dry-run -d 'show what would be done, and change nothing (with -o, -w, --set, --write-protect)'
complete -c stm32flash -l yes -d 'allow option bytes that block access or hide code (with -w, --set)'
complete -c stm32flash -l on-chip -a 'boot0\t"BOOT0 stays high"' -d 'verify by code on the chip: boot0 (BOOT0 stays high) (with -C, -w, --compare, --blank-check)'
complete -c stm32flash -l pipeline -d 'send address and count without waiting for ACKs'
complete -c stm32flash -l format -x -a 'bin\t"" hex\t"" srec\t""' -d 'format for -r: bin, hex or srec (with -r)'
complete -c stm32flash -l device -x -a '(__stm32flash_parts)' -d 'treat the chip as this part: ID or name'
complete -c stm32flash -l list-devices -d 'list the known parts'
complete -c stm32flash -l list-ports -d 'list the serial ports and I2C buses'
complete -c stm32flash -l json -d 'print JSON objects, one per line, instead of text'
complete -c stm32flash -l label -x -d 'start every line of output with this text'
complete -c stm32flash -l knock -x -d 'send a text that starts the bootloader'
complete -c stm32flash -l knock-wait -x -d 'milliseconds to wait after --knock (500)'
complete -c stm32flash -l connect-timeout -x -d 'seconds to wait for the bootloader (3)'
complete -c stm32flash -l progress -x -a 'auto\t"" always\t"" never\t""' -d 'draw progress: auto, always or never'
complete -c stm32flash -l quiet -d 'print only errors and requested results'
complete -c stm32flash -l verbose -d 'print decisions and retries too'
complete -c stm32flash -l trace -a '(__stm32flash_attached)' -d 'record every byte, to a file or stderr'
complete -c stm32flash -l version -d 'print the version'
