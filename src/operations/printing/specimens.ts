// Room: operations. An insurer's papers as pictures: all of them for a day, or what a changed profile makes otherwise of them,
// side by side.
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeText, writeWhole } from '../../formats/files.ts';
import { pngOf } from '../../print/images.ts';
import { withPages } from '../../print/picture.ts';
import { specimensOf } from '../../print/specimens.ts';
import { TemplateError } from '../../print/template.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { Refusal } from '../context.ts';

const DPI = 100;

interface DrawnPapers {
  /** Papers with a picture in the folder. */
  readonly drawn: number;
  /** Of them, what differs between the two profiles; all where there is one. */
  readonly changed: readonly string[];
  /** Open this. */
  readonly index: string;
}

/**
 * Draws the papers of a profile dated `on` into `outDir`, and beside them those of `before` that differ: `index.html` shows them
 * in pairs.
 */
export async function drawSpecimens(
  profile: InsurerProfile,
  before: InsurerProfile | null,
  on: LocalDate,
  outDir: string,
): Promise<DrawnPapers> {
  await mkdir(outDir, { recursive: true });
  const after = await picturesOf(profile, on);
  const earlier = before === null ? null : await picturesOf(before, on);
  const names = [...new Set([...(earlier?.keys() ?? []), ...after.keys()])];
  const changed = names.filter((name) => hashOf(earlier?.get(name)) !== hashOf(after.get(name)));
  const rows: string[] = [];
  for (const name of changed) {
    const pair = [earlier?.get(name), after.get(name)] as const;
    const cells: string[] = [];
    for (const [i, picture] of pair.entries()) {
      const file = `${name}${i === 0 ? '-before' : ''}.png`;
      if (picture) await writeWhole(path.join(outDir, file), picture.png);
      if (i === 1 || earlier !== null) cells.push(`<td>${picture ? `<img src="${file}" alt="">` : 'ありません'}</td>`);
    }
    rows.push(`<tr><th scope="row">${(pair[1] ?? pair[0])!.label}</th>${cells.join('')}</tr>`);
  }
  const heads = earlier === null ? ['用紙'] : ['変える前', '変えた後'];
  await writeText(path.join(outDir, 'index.html'), (writer) => writer.write(page(profile, on, heads, rows)), 'utf-8', {
    bom: false,
  });
  return { drawn: after.size, changed, index: path.join(outDir, 'index.html') };
}

interface DrawnPaper {
  readonly label: string;
  readonly png: Buffer;
}

const hashOf = (paper: DrawnPaper | undefined): string | null =>
  paper ? createHash('sha256').update(paper.png).digest('hex') : null;

async function picturesOf(profile: InsurerProfile, on: LocalDate): Promise<Map<string, DrawnPaper>> {
  const drawn = new Map<string, DrawnPaper>();
  try {
    for (const { name, label, pdf } of specimensOf(profile, on)) {
      const picture = await withPages(pdf, (draw) => draw(1, { scale: DPI / 72 }));
      const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
      drawn.set(name, { label, png: pngOf(picture, whole, DPI) });
    }
  } catch (error) {
    if (error instanceof TemplateError) throw new Refusal('template', `雛形を直してください。${error.message}`);
    throw error;
  }
  return drawn;
}

function page(profile: InsurerProfile, on: LocalDate, heads: readonly string[], rows: readonly string[]): string {
  const title = `${profile.insurer.name}　${on} の用紙`;
  return `<!doctype html>
<html lang="ja"><meta charset="utf-8"><title>${title}</title>
<style>body{font-family:sans-serif}th{text-align:left;vertical-align:top;padding:1rem}img{max-width:40rem;border:1px solid #999}</style>
<h1>${title}</h1>
<table><thead><tr><td></td>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></html>
`;
}
