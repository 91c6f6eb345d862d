# Completes the commands of martlet and their options.
_martlet() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='--help --version --check-config --print-env --memory-plan token cert'
  else
    case ${COMP_WORDS[1]}:$before in
    token:--role) words='admin service proctor' ;;
    token:--sub | token:--name | token:--for) ;;
    token:*) words='--help --sub --role --name --for' ;;
    cert:--out) words=$(compgen -d -- "$word") ;;
    cert:--days) ;;
    cert:*) words="--help --out --days $HOSTNAME.local" ;;
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _martlet martlet
