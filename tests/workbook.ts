// A workbook with these cells as texts, as Excel would write it.
import { writeFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import { columnLetters } from '../src/formats/xlsx.ts';

const TYPE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

// oxlint-disable-next-line no-control-regex -- finding them is the point
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\ufffe\uffff]/g;

/** Text as it stands in XML; what XML cannot hold as `_x000D_`. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(NOT_IN_XML, (c) => `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
}

/** Writes one sheet. */
export function writeWorkbook(file: string, rows: readonly (readonly string[])[]): void {
  const cell = (text: string, at: string): string =>
    text === '' ? '' : `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
  const lines = rows.map(
    (cells, i) =>
      `<row r="${i + 1}">${cells.map((text, j) => cell(text, `${columnLetters(j + 1)}${i + 1}`)).join('')}</row>`,
  );
  const parts: Readonly<Record<string, string>> = {
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': '<workbook><sheets><sheet name="名簿" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${TYPE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${lines.join('')}</sheetData></worksheet>`,
  };
  writeFileSync(file, zipSync(Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)]))));
}
