// 送付停止: of a protected insured person nothing is sent and nothing is used, not even the name, except where the law asks
// for it: the certificate of a dependent names the insured person (健保則47条3項, 被保険者氏名).
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { person, status } from './cast.ts';
import { issueRows, readRows } from './issued.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';
import { readTexts } from './pages.ts';

const context = await openTestLedger();
const folder = openTestFolder();

interface Manifest {
  readonly files: readonly { readonly path: string; readonly pages?: number }[];
}

test.each(['kyokai-kenpo', 'mbk'])(
  'a dependent’s certificate names a protected insured person; no letter, list or table does (%s)',
  async (name) => {
    const profile = await loadProfile(name);
    const members = [
      person('1', 0, { 氏名: '鷲尾　花子', カナ氏名: 'ワシオ　ハナコ', 送付停止: '1' }),
      person('1', 1, { 氏名: '協会　一郎' }),
      person('1', 2, { 氏名: '協会　二郎' }),
    ];
    const enrolment = members.map((_, place) => status('1', place, '0'));
    const { out } = await issueRows(context, profile, folder, { members, enrolment }, { prints: true });
    expect(readRows(path.join(out, 'certificates.csv')).map((row) => row['枝番'])).toEqual(['01', '02']);
    const manifest = JSON.parse(readFileSync(path.join(out, 'manifest.json'), 'utf8')) as Manifest;
    const certificates: string[] = [];
    const others: string[] = [];
    for (const { path: file, pages = 0 } of manifest.files) {
      if (!file.endsWith('.pdf')) continue;
      const texts = await readTexts(
        readFileSync(path.join(out, file)),
        Array.from({ length: pages }, (_, i) => i),
      );
      if (file.endsWith('-certificates.pdf')) certificates.push(...texts.filter((_, i) => i % 2 === 0));
      else others.push(...texts);
    }
    expect(certificates).toHaveLength(2);
    for (const [i, text] of certificates.entries()) {
      expect(text).toContain(['協会一郎', '協会二郎'][i]);
      expect(text).toContain('鷲尾花子');
    }
    expect(others.join('\n')).toContain('協会一郎');
    expect(others.join('\n')).not.toContain('鷲尾');
    const tables = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) => !file.endsWith('.pdf'));
    const holding = tables.filter((file) => {
      try {
        return readFileSync(path.join(out, file), 'utf8').includes('鷲尾');
      } catch {
        return false;
      }
    });
    expect(holding).toEqual([]);
  },
);
