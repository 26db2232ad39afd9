#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Random jobs over bad lines, always the same ones; make soak runs more.
set -u

: "${BUILD:?}"
runs=3000
[ "${EFFORT:-full}" = full ] || runs=300
exec "$BUILD/tests/soak/soak" 1 $runs
