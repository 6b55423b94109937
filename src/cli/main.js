// Room: cli. The entry, in plain JavaScript, so that a Node that cannot read TypeScript says so in a sentence instead of ending with
// ERR_UNKNOWN_FILE_EXTENSION. What Node has compiled once is kept (in the system's temporary folder): a command starts in a
// third of the time and with a quarter less memory.
import module from 'node:module';

/** The oldest Node that runs the program: TypeScript as it is written, and argon2 (24.7). */
const NEEDED = [24, 7];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(
    `この Node.js（${process.versions.node}）では動きません。${NEEDED.join('.')} 以上が要ります。\n` +
      'npm ci で入る Node.js を使うには、todoke のフォルダで npm run -s todoke -- <コマンド> と実行してください。\n',
  );
  process.exitCode = 2;
} else {
  module.enableCompileCache();
  const { run } = await import('./run.ts');
  await run(process.argv.slice(2));
}
