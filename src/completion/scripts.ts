/**
 * What a shell needs to ask `autocom __complete`: it runs the very program that is being typed, and never evaluates
 * what it answers.
 *
 * @module
 */

export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
export type Shell = (typeof SHELLS)[number];

/** The script of a shell, to be sourced by it. */
export function script(shell: Shell): string {
  return SCRIPTS[shell];
}

/** Templates write `@{` for the shells' own sign. */
const shell = (text: TemplateStringsArray) => text.raw[0]!.replaceAll("@{", "${");

/** From version 3.2, which macOS has: no compopt, no mapfile, and `source <(…)` reads nothing there. */
const BASH = shell`# autocom's completion for bash. In ~/.bashrc: eval "$(autocom completion bash)"
_autocom() {
  local IFS=$'\n' line word=@{COMP_WORDS[COMP_CWORD]} program=@{COMP_WORDS[0]} option=
  COMPREPLY=()
  # --option=FILE is one word or three; behind the sign nobody reads ~ as the home.
  case $word in
    =) word= ;;
    --*=*) option=@{word%%=*}= word=@{word#*=} ;;
  esac
  case $option:@{COMP_WORDS[COMP_CWORD-1]}:$word in *=:*:'~'/* | *:=:'~'/*) word=$HOME/@{word#*/} ;; esac
  case $program in '~'/*) program=$HOME/@{program#*/} ;; esac
  while read -r line; do
    if [ "$line" = :files ]; then
      while read -r line; do _autocom_file; done < <(compgen -f -- "$word")
    else
      COMPREPLY+=("@{line%%$'\t'*}")
    fi
  done < <("$program" __complete bash "@{COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null </dev/null)
  return 0
}
# A folder goes on. In quotes stands what means nothing there: readline closes them.
_autocom_file() {
  local end=' ' path=$line tilde=
  case $line in '~'/*) path=$HOME/@{line#*/} tilde='~/' ;; esac
  [ -d "$path" ] && end=/
  case $word in
    [\"\']*)
      case $line in *[\"\'\\\`\$!]*) return ;; esac
      COMPREPLY+=("$option$line@{end% }") ;;
    *) COMPREPLY+=("$option$tilde$(printf %q "@{line#"$tilde"}")$end") ;;
  esac
}
complete -o nospace -F _autocom autocom
`;

const ZSH = shell`#compdef autocom
# autocom's completion for zsh. In ~/.zshrc, after compinit: source <(autocom completion zsh)
_autocom() {
  emulate -L zsh
  local IFS=$'\n' line program=@{(Q)words[1]}
  local -a values shown given
  given=("@{(@Q)words[1,CURRENT-1]}" "@{(Q)PREFIX}")
  while read -r line; do
    if [[ $line == :files ]]; then
      # What zsh's own functions expect of options and IFS.
      eval "$_comp_setup"
      [[ $PREFIX == --*=* ]] && compset -P 1 '*='
      _files
      return
    fi
    values+=("@{line%%$'\t'*}")
    shown+=("@{@{line%$'\t'}/$'\t'/  -- }")
  done < <("@{program/#\~\//$HOME/}" __complete zsh "@{given[@]}" 2>/dev/null </dev/null)
  (( @{#values} )) && compadd -l -V autocom -d shown -a values
}
if [ "@{funcstack[@]:0:1}" = _autocom ]; then
  _autocom "$@"
elif whence compdef >/dev/null; then
  compdef _autocom autocom
fi
`;

const FISH = shell`# autocom's completion for fish. In ~/.config/fish/config.fish: autocom completion fish | source
function __autocom_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~(?=/)' "$HOME" -- $before[1])
    for line in ($program __complete fish $before "$current" 2>/dev/null </dev/null)
        if test "$line" = :files
            set -l option (string match -r -- '^--[^=]+=' "$current")
            # What a command that nobody knows may be given: a file, however it is written.
            set -l rest (string replace -- "$option" '' "$current" | string collect)
            for path in (complete -C "__autocom_file -- $rest")
                echo -- "$option$path"
            end
        else
            echo -- $line
        end
    end
end
complete -e -c autocom
complete -c autocom -f -k -a '(__autocom_complete)'
`;

const POWERSHELL =
  shell`# autocom's completion for PowerShell. In $PROFILE: autocom completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName autocom -ScriptBlock {
    param($word, $ast, $cursor)
    $before = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { $_.Extent.Text.Trim('"''') })
    # Windows PowerShell leaves an empty argument out: each has a sign before it.
    $words = @($before) + $word | ForEach-Object { "=$_" }
    & $before[0] __complete powershell @words 2>$null | ForEach-Object {
        $value, $about = $_ -split [char]9, 2
        if ($value -eq ':files') { return }
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH, powershell: POWERSHELL };
