export { help as verb } from "./help.ts";
