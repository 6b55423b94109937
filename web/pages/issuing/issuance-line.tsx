// An issuance in a few lines: what it is, how far, and its chief counts.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { KIND_WORDS } from '../../../src/rules/papers/kinds.ts';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import type { Overview } from '../../api/work.ts';
import { paths } from '../../paths.ts';
import { Chip } from '../../ui/chip.tsx';
import { Count, DateText } from '../../ui/text.tsx';

export function IssuanceLine({ overview }: { readonly overview: Overview }): ReactNode {
  const { stage } = overview;
  const words = KIND_WORDS[overview.kind];
  return (
    <div className="rounded-12 border border-solid-gray-420 p-4 desktop:p-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Link to={paths.issuance(overview.id)} className="text-std-18B-160 visited:text-blue-1000">
          {overview.title}
        </Link>
        <Chip tone={stage.isWhole ? 'blue' : 'yellow'} icon={stage.isWhole ? 'check' : 'play'}>
          {stage.word}
        </Chip>
        <span className="text-dns-14N-130 text-solid-gray-700">第{overview.id}号</span>
      </div>
      <dl className="mt-3 grid grid-cols-2 gap-x-6 gap-y-2 desktop:grid-cols-6">
        <Small name={words.referenceOn}>
          <DateText date={overview.referenceOn as LocalDate} />
        </Small>
        <Small name={words.issuedOn}>
          <DateText date={overview.issuedOn as LocalDate} />
        </Small>
        <Small name="加入者">
          <Count n={overview.members} unit="人" />
        </Small>
        <Small name="対象者">
          <Count n={overview.targets} unit="人" of={overview.members} />
        </Small>
        <Small name={words.paper}>
          <Count n={overview.certificates} unit={words.unit} />
        </Small>
        <Small name="封筒">
          <Count n={overview.mailpieces} unit="通" />
        </Small>
      </dl>
    </div>
  );
}

function Small({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt className="text-dns-14N-130 text-solid-gray-700">{name}</dt>
      <dd className="text-dns-16N-130">{children}</dd>
    </div>
  );
}
