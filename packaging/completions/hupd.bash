# bash completion for hupd(1). Made from the program's own flags (tests/unit/manual): edit those.

# "--flag=value" comes in three words, which are taken for two.
_hupd() {
  local words=() i
  for ((i = 1; i <= COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} != = ]]; then
      words+=("${COMP_WORDS[i]}")
    elif ((i == COMP_CWORD)); then
      words+=('')
    fi
  done
  local last=$((${#words[@]} - 1)) command='' where=()
  local cur=${words[last]} prev=''
  ((last == 0)) || prev=${words[last - 1]}
  for ((i = 0; i < last; i++)); do
    case ${words[i]} in
      --control | --config)
        ((i + 1 == last)) || where+=("${words[i]}" "${words[i + 1]}")
        ((i++))
        ;;
      --group | --listen | --log-file | --log-format | --log-level | --pid-file | --set | --timeout | --to | --trusted-group | --trusted-user | --user | --workers | -l | -w) ((i++)) ;;
      -*) ;;
      */* | *.toml) where+=("${words[i]}") ;;
      *) [[ -n $command ]] || command=${words[i]} ;;
    esac
  done

  COMPREPLY=()
  case $prev in
    --config) _hupd_files "$cur"; return ;;
    --control) _hupd_files "$cur"; return ;;
    --group) mapfile -t COMPREPLY < <(compgen -g -- "$cur"); return ;;
    --listen) :; return ;;
    --log-file) _hupd_files "$cur"; return ;;
    --log-format) _hupd_words 'text json' "$cur"; return ;;
    --log-level) _hupd_words 'debug info warning error' "$cur"; return ;;
    --pid-file) _hupd_files "$cur"; return ;;
    --set) :; return ;;
    --timeout) :; return ;;
    --to) :; return ;;
    --trusted-group) mapfile -t COMPREPLY < <(compgen -g -- "$cur"); return ;;
    --trusted-user) mapfile -t COMPREPLY < <(compgen -u -- "$cur"); return ;;
    --user) mapfile -t COMPREPLY < <(compgen -u -- "$cur"); return ;;
    --workers) :; return ;;
    -l) :; return ;;
    -w) :; return ;;
  esac
  if [[ $cur == -* ]]; then
    case $command in
      '') _hupd_words '--version -h --help --control' "$cur" ;;
      run) _hupd_words '-h --help -l --listen -w --workers --user --group --pid-file --log-level --log-format --log-file --trusted-user --trusted-group --no-ownership-check --set --control' "$cur" ;;
      check) _hupd_words '-h --help -l --listen -w --workers --user --group --pid-file --log-level --log-format --log-file --trusted-user --trusted-group --no-ownership-check --set --control' "$cur" ;;
      reload) _hupd_words '-h --help --config --timeout --json --drained --no-wait --no-probation --changed --force --control' "$cur" ;;
      rollback) _hupd_words '-h --help --config --timeout --json --drained --no-wait --to --control' "$cur" ;;
      promote) _hupd_words '-h --help --config --timeout --json --drained --no-wait --no-probation --control' "$cur" ;;
      abort) _hupd_words '-h --help --config --timeout --json --control' "$cur" ;;
      wait) _hupd_words '-h --help --config --timeout --json --drained --no-probation --control' "$cur" ;;
      status) _hupd_words '-h --help --config --timeout --json --watch --control' "$cur" ;;
      history) _hupd_words '-h --help --config --timeout --json --control' "$cur" ;;
      watch) _hupd_words '-h --help --config --timeout --json --control' "$cur" ;;
      metrics) _hupd_words '-h --help --config --timeout --control' "$cur" ;;
      scale) _hupd_words '-h --help --config --timeout --control' "$cur" ;;
      stop) _hupd_words '-h --help --config --timeout --quick --control' "$cur" ;;
      upgrade) _hupd_words '-h --help --config --timeout --json --no-wait --control' "$cur" ;;
      logs-reopen) _hupd_words '-h --help --config --timeout --control' "$cur" ;;
    esac
    return
  fi
  case $command in
    '') _hupd_words 'run check reload rollback promote abort wait status history watch metrics scale stop upgrade logs-reopen' "$cur" ;;
    reload | rollback | promote | abort | wait | status | history | watch | metrics | scale) _hupd_apps "$cur" "${where[@]}" ;;
    *) _hupd_files "$cur" ;;
  esac
}

_hupd_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

_hupd_files() {
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
  compopt -o filenames 2>/dev/null
}

# Apps of the running master: nothing, and no word, where there is none.
_hupd_apps() {
  local cur=$1
  shift
  mapfile -t COMPREPLY < <(
    compgen -W "$("${COMP_WORDS[0]}" status --names "$@" 2>/dev/null)" -- "$cur"
    compgen -f -X '!*.toml' -- "$cur"
    compgen -d -- "$cur"
  )
  compopt -o filenames 2>/dev/null
}

complete -F _hupd hupd
