/**
 * A person at an interactive shell whose completion is autocom's: what is typed, and what stands on the line then.
 *
 * @module
 */

import { join } from "node:path";
import type { Room } from "./room.ts";
import type { Running } from "./running.ts";

export type ShellName = "bash" | "zsh" | "fish";

/** Where the shell reads its settings, and how it starts; Ctrl-X Ctrl-P shows the line between marks. */
const SHELLS: Record<ShellName, { settings: string; args: (file: string) => string[]; before: string; line: string }> =
  {
    bash: {
      settings: "rc",
      args: (file) => ["bash", "--noprofile", "--rcfile", file, "-i"],
      before: "PS1='READY> '; bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; " +
        "bind 'set page-completions off'; bind 'set completion-query-items 0'",
      line: `bind -x '"\\C-x\\C-p": printf "{{%s}}" "$READLINE_LINE"'`,
    },
    zsh: {
      settings: ".zshrc",
      args: () => ["zsh", "-i"],
      before: "PS1='READY> '; autoload -Uz compinit; compinit -u -D; unsetopt beep; LISTMAX=1000; setopt nolistbeep",
      line: "shown() { print -rn -- \"{{$BUFFER}}\" }; zle -N shown; bindkey '^X^P' shown",
    },
    fish: {
      settings: "config.fish",
      args: (file) => ["fish", "--no-config", "--init-command", `source ${file}`, "-i"],
      before: "function fish_prompt; echo -n 'READY> '; end; set -g fish_greeting",
      line: "bind \\cx\\cp 'printf \"{{%s}}\" (commandline | string collect)'",
    },
  };

export interface Typist {
  /** Types these keys at a fresh prompt; gives the line as it stands then. */
  line(keys: string): Promise<string>;
  /** What was on the screen since the last line was begun. */
  readonly screen: string;
}

/** Starts the shell with completion; `extra` are lines of its settings that stand before it, `after` behind it. */
export async function shellIn(
  room: Room,
  name: ShellName,
  { extra = "", after = "", program = "autocom", env = {} }: {
    extra?: string;
    after?: string;
    program?: string;
    env?: Record<string, string>;
  } = {},
): Promise<Typist> {
  const { settings, args, before, line } = SHELLS[name];
  const file = join(room.folder, settings);
  const bin = join(room.folder, "bin");
  await Deno.mkdir(bin, { recursive: true });
  await Deno.symlink(room.binary, join(bin, program)).catch(() => {});
  const source = name === "fish"
    ? "autocom completion fish | source"
    : name === "bash"
    ? `eval "$(${join(bin, program)} completion bash)"`
    : `source <(${join(bin, program)} completion zsh)`;
  await Deno.writeTextFile(file, [before, extra, source, line, after].join("\n") + "\n");
  const running = room.program(["script", "-qefc", args(file).map((word) => `'${word}'`).join(" "), "/dev/null"], {
    env: {
      TERM: "xterm-256color",
      SHELL: "/bin/sh",
      ZDOTDIR: room.folder,
      PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
      LANG: "C.UTF-8",
      // fish's is else in /tmp, where another user's may stand in the way.
      XDG_RUNTIME_DIR: room.folder,
      ...env,
    },
  });
  // zsh loses what it draws while a signal says that the program it read from has ended; its line editor is there then.
  return new AtPrompt(running, name === "zsh" ? /READY> |\[\?2004h/ : /READY> /);
}

class AtPrompt implements Typist {
  #from = 0;
  #next = 0;
  #lines = 0;
  constructor(private readonly running: Running, private readonly ready: RegExp) {}

  get screen(): string {
    return this.running.out.slice(this.#from);
  }

  async line(keys: string): Promise<string> {
    this.#from = this.#next;
    await this.#said(this.ready);
    await this.running.type(`${keys}\x18\x10`);
    const [, line] = await this.#said(/\{\{([^]*?)\}\}/);
    // The line goes, without being run; what is printed then is behind all that belonged to it.
    await this.running.type(`\x05\x15printf '[%s]' ${++this.#lines}\r`);
    await this.#said(new RegExp(`\\[${this.#lines}\\]`));
    this.#next = this.running.out.lastIndexOf(`[${this.#lines}]`);
    return line!;
  }

  /** Waits until that is shown behind what was looked at before. */
  async #said(pattern: RegExp): Promise<RegExpExecArray> {
    const from = this.#from;
    await this.running.until("out", new RegExp(`^[^]{${from},}?(?:${pattern.source})`));
    return pattern.exec(this.running.out.slice(from))!;
  }
}
