import { AppError } from "../errors.ts";
import type { System } from "../system/mod.ts";
import { type Held, held, openHeld } from "./held.ts";
import type { Disk } from "./look.ts";
import { explain, shellQuote } from "./trust.ts";

/** Milliseconds that another program is waited for, and between two tries. */
const [PATIENCE, STEP] = [5_000, 25];

/** As `hold`, for who was told to keep it: another program is waited for. Throws `config`, also from {@link Held.write}. */
export async function holdFirmly(disk: Disk & Pick<System, "clock">, path: string): Promise<Held> {
  try {
    const { write, close } = held(await openHeld(disk, path));
    const attempt = (text: string) =>
      write(text).catch(async (error) => {
        throw await explain(disk, "write", path, error, true);
      });
    return {
      async write(text) {
        for (let waited = 0; !(await attempt(text)); waited += STEP) {
          if (waited >= PATIENCE) {
            const message = `cannot write ${path}: another autocom holds it, for more than ${PATIENCE / 1_000} s`;
            throw new AppError("config", message, { hint: `see who: fuser ${shellQuote(path)}` });
          }
          await disk.clock.sleep(STEP);
        }
        return true;
      },
      close,
    };
  } catch (error) {
    throw await explain(disk, "write", path, error, true);
  }
}
