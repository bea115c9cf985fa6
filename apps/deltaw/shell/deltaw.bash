# SPDX-License-Identifier: Apache-2.0
# Completion for bash: deltaw itself says what could come next.
_deltaw() {
  local word part=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  while IFS= read -r word; do
    case $word in
      :folders)
        compopt -o filenames
        mapfile -O "${#COMPREPLY[@]}" -t COMPREPLY < <(compgen -d -- "$part")
        ;;
      ':files json')
        compopt -o filenames
        mapfile -O "${#COMPREPLY[@]}" -t COMPREPLY < <(compgen -d -- "$part"; compgen -f -X '!*.json' -- "$part")
        ;;
      :files)
        compopt -o filenames
        mapfile -O "${#COMPREPLY[@]}" -t COMPREPLY < <(compgen -f -- "$part")
        ;;
      *) COMPREPLY+=("$word") ;;
    esac
  done < <("$1" complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _deltaw deltaw
