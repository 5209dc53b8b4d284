/**
 * What an XLSX file has beside its cells. No name of a person and no date is in it.
 * ECMA-376, part 2 (packages), and part 1, 18.2 (workbooks) and 18.3 (worksheets).
 *
 * @module
 */

import { safe } from "../output/mod.ts";

interface Part {
  name: string;
  text: string;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGES = "http://schemas.openxmlformats.org/package/2006";
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** Sheets are what is not said to be something else: how many there are shows at the end, and this is the first part. */
export const CONTENT_TYPES: Part = {
  name: "[Content_Types].xml",
  text: `${XML}<Types xmlns="${PACKAGES}/content-types">` +
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `<Default Extension="xml" ContentType="${TYPE}.worksheet+xml"/>` +
    `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`,
};

export const PACKAGE: Part = {
  name: "_rels/.rels",
  text: relations([["officeDocument", "xl/workbook.xml"]]),
};

function relations(to: readonly (readonly [kind: string, target: string])[]): string {
  const each = to.map(([kind, target], at) =>
    `<Relationship Id="rId${at + 1}" Type="${RELATIONS}/${kind}" Target="${target}"/>`
  );
  return `${XML}<Relationships xmlns="${PACKAGES}/relationships">${each.join("")}</Relationships>`;
}

/** The workbook with sheets of these titles, in their order. */
export function workbookParts(titles: readonly string[]): Part[] {
  const sheets = titles.map((title, at) => `<sheet name="${quoted(title)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`);
  const text = `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><bookViews><workbookView/></bookViews>` +
    `<sheets>${sheets.join("")}</sheets></workbook>`;
  const targets = titles.map((_, at) => ["worksheet", `worksheets/sheet${at + 1}.xml`] as const);
  return [
    { name: "xl/workbook.xml", text },
    { name: "xl/_rels/workbook.xml.rels", text: relations([...targets, ["styles", "styles.xml"]]) },
  ];
}

function quoted(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

const LONGEST_TITLE = 31;

/** A sheet's title as Excel takes it: `orders`, `orders 2`. */
export function title(text: string, number: number): string {
  const ending = number === 1 ? "" : ` ${number}`;
  const allowed = safe(text).replace(/[[\]:*?/\\\ufffe\uffff]/g, " ");
  const fits = allowed.slice(0, LONGEST_TITLE - ending.length).replace(/[\ud800-\udbff]$/, "");
  const trimmed = fits.replace(/^[' ]+|(?<![' ])[' ]+$/g, "");
  // Excel keeps that one for itself.
  return (/^(history)?$/i.test(trimmed) ? "rows" : trimmed) + ending;
}

/** Cells that a column is wide at most: a longer text goes on in the line above the sheet. */
const WIDEST = 60;

/** Up to the first row. The header stays where it is; `first` is the sheet that is seen when the file is opened. */
export function sheetStart(widths: readonly number[], first: boolean): string {
  const columns = widths.map((width, at) =>
    `<col min="${at + 1}" max="${at + 1}" width="${Math.min(width, WIDEST) + 2}" customWidth="1"/>`
  );
  return `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView${
    first ? ' tabSelected="1"' : ""
  } workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>' +
    `</sheetView></sheetViews><cols>${columns.join("")}</cols><sheetData>`;
}

export const sheetEnd = "</sheetData></worksheet>";
