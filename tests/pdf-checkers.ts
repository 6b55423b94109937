// Programs of others that read a PDF and say what is wrong with it. Two come from npm as WebAssembly; the native ones are asked
// where they are installed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface Checker {
  readonly name: string;
  /** What is wrong with the file in the program's own words; none = nothing. */
  readonly complaints: (file: string) => Promise<readonly string[]> | readonly string[];
}

const require = createRequire(import.meta.url);
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

interface Qpdf {
  readonly callMain: (args: string[]) => number;
  readonly FS: {
    readonly init: (input: null, output: (byte: number | null) => void, error: (byte: number | null) => void) => void;
    readonly writeFile: (name: string, bytes: Uint8Array) => void;
  };
}

/** qpdf's own command line. What it says goes to the terminal unless the module is told otherwise before it starts. */
async function openQpdf(): Promise<Checker> {
  const make = require('@neslinesli93/qpdf-wasm') as (options: object) => Promise<Qpdf>;
  const wasmBinary = readFileSync(require.resolve('@neslinesli93/qpdf-wasm/dist/qpdf.wasm'));
  const check = async (file: string): Promise<{ status: number; said: string }> => {
    const bytes: number[] = [];
    const take = (byte: number | null): void => void (byte !== null && bytes.push(byte));
    const preRun = [(module: Qpdf) => module.FS.init(null, take, take)];
    const qpdf = await make({ wasmBinary, noInitialRun: true, preRun });
    qpdf.FS.writeFile('/file.pdf', readFileSync(file));
    return { status: qpdf.callMain(['--check', '/file.pdf']), said: Buffer.from(bytes).toString('utf8') };
  };
  return {
    name: 'qpdf --check (npm)',
    complaints: async (file) => {
      const { status, said } = await check(file);
      return status === 0 ? [] : linesOf(said);
    },
  };
}

/** MuPDF, the library of mutool: every page drawn and its text read. */
async function openMupdf(): Promise<Checker> {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  Object.assign(globalThis, { $libmupdf_wasm_Module: { print: say, printErr: say } });
  const { Document, Matrix, ColorSpace } = await import('mupdf');
  return {
    name: 'MuPDF (npm)',
    complaints: (file) => {
      said.length = 0;
      try {
        const document = Document.openDocument(readFileSync(file), 'application/pdf').asPDF();
        if (!document) return ['no PDF'];
        for (let i = 0; i < document.countPages(); i++) {
          const page = document.loadPage(i);
          page.toPixmap(Matrix.scale(0.5, 0.5), ColorSpace.DeviceGray).destroy();
          page.toStructuredText('').destroy();
          page.destroy();
        }
        if (document.wasRepaired()) said.push('repaired');
        document.destroy();
      } catch (error) {
        said.push((error as Error).message);
      }
      // How often a line came again is said with the next one, of whatever file.
      return said.filter((line) => !line.includes('... repeated '));
    },
  };
}

/** What a program says of itself: Debian builds mutool without colour profiles. */
const OF_ITSELF = new Set(['warning: ICC support is not available']);

/** A program on this machine: whatever it says to its standard error is a complaint, and what `judge` finds in its output. */
function native(
  program: string,
  argumentsFor: (file: string) => readonly string[],
  judge: (output: string) => readonly string[] = () => [],
): Checker {
  return {
    name: program,
    complaints: (file) => {
      const { status, stdout, stderr } = spawnSync(program, argumentsFor(file), {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      });
      const said = [...linesOf(stderr), ...judge(stdout)].filter((line) => !OF_ITSELF.has(line));
      return status === 0 || said.length > 0 ? said : [`${program} ended with ${status}`];
    },
  };
}

/** Fonts that lie in the file, and whose text can be copied: columns emb and uni of pdffonts. */
function fontsAreEmbedded(table: string): string[] {
  const [header = '', , ...rows] = table.split('\n');
  const at = header.indexOf('emb sub uni');
  return rows.filter((row) => row !== '' && !/^yes (?:yes|no ) yes$/.test(row.slice(at, at + 11)));
}

export const NATIVE: readonly Checker[] = [
  native('qpdf', (file) => ['--check', file]),
  native('mutool', (file) => ['draw', '-q', '-r', '36', '-F', 'pgm', '-o', '/dev/null', file]),
  native('pdftotext', (file) => [file, '-']),
  native('pdffonts', (file) => [file], fontsAreEmbedded),
  native('pdfimages', (file) => ['-list', file]),
];

/** Whether the program is on this machine. */
export function isInstalled({ name }: Checker): boolean {
  return spawnSync(name, ['-v']).error === undefined;
}

export const FROM_NPM: readonly Checker[] = [await openQpdf(), await openMupdf()];
