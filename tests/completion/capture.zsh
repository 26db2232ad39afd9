# SPDX-License-Identifier: GPL-2.0-or-later
# capture.zsh DIR LINE: prints what zsh offers at the end of LINE, one per
# line. DIR is for the files of the inner shell, whose line editor needs a
# terminal; _stm32flash is found in $fpath_first. Exits with 77 if this zsh has
# no zpty.
zmodload zsh/zpty 2>/dev/null || exit 77

cat >$1/.zshrc <<'END'
TMOUT=60	# it never waits for a key
fpath=($fpath_first $fpath)
autoload -U compinit && compinit -u -d $ZDOTDIR/dump

# Records the matches of the word, and adds nothing: zsh asks before it shows a
# long list.
compadd() {
	local -a fits
	local i=${@[(i)(-|--)]}

	# With -O, -A or -D it only sorts words for its caller.
	if [[ " ${@[1,i-1]} " == *' -'(O|A|D)' '* ]]; then
		builtin compadd "$@"
		return
	fi
	builtin compadd -A fits "$@"
	(( $#fits )) && print -rl -- ${(Q)fits} >>$ZDOTDIR/offered
}

zle -C offer complete-word _main_complete
zle-line-init() {
	LBUFFER=$line_to_complete
	zle offer
	exit
}
zle -N zle-line-init
END
: >$1/offered
export ZDOTDIR=$1 line_to_complete=$2 fpath_first
zpty inner zsh -d -i
while zpty -r inner said; do
	all+=$said
done
zpty -d inner
sort -u $1/offered
