import { cancel } from "./cancel.ts";
import { create } from "./create.ts";
import { refund } from "./refund.ts";
import { updateStatus } from "./update_status.ts";

export const changes = [create, updateStatus, cancel, refund];
