// One person: the decision in a sentence, the papers with pictures of their pages, what may be done now and what not,
// and the line of custody.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { RELATION_LABELS, SEX_LABELS } from '../../../src/rules/intake/member.ts';
import { ROUTE_LABELS } from '../../../src/rules/issuing/enveloping.ts';
import type { PaperState } from '../../../src/rules/papers/lifecycle.ts';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { personQuery } from '../../api/people.ts';
import type { PersonDecision, PersonPage as PersonData, PersonPaper } from '../../api/people.ts';
import { PaperActions } from '../../forms/paper-actions.tsx';
import { paths } from '../../paths.ts';
import { Facts } from '../../ui/card.tsx';
import { Chip, StateChip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { DateText, PaperNumber } from '../../ui/text.tsx';
import { Custody } from '../posting/custody.tsx';
import { Fetched } from '../fetched.tsx';
import { HeldTexts } from '../printing/held-texts.tsx';
import { PrintedPages } from '../printing/printed-pages.tsx';
import { useMay } from '../signed-in.tsx';

export function PersonPage(): ReactNode {
  const query = useQuery(personQuery(useParams()['key'] ?? ''));
  return (
    <Fetched query={query} page="加入者">
      {(page) => (
        <Page
          title={page.person.name}
          of={page.person.key}
          crumbs={[{ to: paths.people, label: '加入者' }]}
          lead={
            <>
              {page.person.kana}・<span className="code">{page.person.key}</span>・
              {RELATION_LABELS[page.person.relation]}
            </>
          }
          actions={<AsOf at={page.asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />}
        >
          <Decisions page={page} />
          <Section title="用紙">
            <Papers papers={page.papers} />
          </Section>
          <Section title="この人">
            <Identity person={page.person} />
          </Section>
          <Section title="経過">
            <Custody events={page.events} />
          </Section>
        </Page>
      )}
    </Fetched>
  );
}

function Decisions({ page: { decision, notice, person } }: { readonly page: PersonData }): ReactNode {
  const maySee = useMay('see-decisions');
  const found = [decision, notice].filter((one) => one !== null);
  return (
    <Section title="判定">
      {found.length === 0 && (
        <p>{maySee ? 'この人を判定した発行はまだありません。' : '判定を見る権限がありません。'}</p>
      )}
      <div className="flex flex-col gap-4">
        {found.map((one) => (
          <Decision key={one.issuance} decision={one} isProtected={person.mailStopped} />
        ))}
      </div>
    </Section>
  );
}

function Decision({
  decision,
  isProtected,
}: {
  readonly decision: PersonDecision;
  readonly isProtected: boolean;
}): ReactNode {
  return (
    <div className="rounded-12 border border-solid-gray-420 p-4 desktop:p-6">
      <div className="mb-2 flex flex-wrap items-center gap-3">
        {decision.isTarget ? (
          <Chip tone="blue" icon="envelope">
            送付の対象
          </Chip>
        ) : (
          <Chip icon="ban">対象外</Chip>
        )}
        <span className="text-dns-14N-130 text-solid-gray-700">{decision.issuance}</span>
      </div>
      <p className="text-std-18N-160 text-solid-gray-900">{decision.sentence}</p>
      {decision.nearestChange && (
        <p className="mt-2 flex items-start gap-2">
          <Icon name="info" className="mt-0.5 size-6 text-blue-900" />
          {decision.nearestChange}
        </p>
      )}
      {isProtected && (
        <p className="mt-2 flex items-center gap-2 text-magenta-900">
          <Icon name="lock" />
          送付停止の人です。郵便物は作られません。
        </p>
      )}
      <details className="mt-3">
        <summary className="cursor-pointer rounded-4 py-2 text-blue-1000 underline">判定に使った事実と規則</summary>
        <p className="my-2">{decision.rule}</p>
        <Facts facts={decision.facts.map(({ label, value }) => ({ name: label, value }))} />
      </details>
    </div>
  );
}

function Papers({ papers }: { readonly papers: readonly PersonPaper[] }): ReactNode {
  if (papers.length === 0) {
    return (
      <Empty icon="file" title="この人の用紙はまだありません">
        送付の対象になり、封入計画ができると、資格確認書・お知らせと封筒の番号がここに出ます。
      </Empty>
    );
  }
  return (
    <ul className="flex flex-col gap-6">
      {papers.map((paper) => (
        <li
          key={paper.certificateNumber ?? paper.mailpieceNumber}
          className="rounded-12 border border-solid-gray-420 p-4 desktop:p-6"
        >
          <Paper paper={paper} />
        </li>
      ))}
    </ul>
  );
}

function Paper({ paper }: { readonly paper: PersonPaper }): ReactNode {
  const maySeePages = useMay('see-pages');
  const mayChange = useMay('change-papers');
  const maySeeIssuance = useMay('see-issuances');
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <h3 className="text-std-18B-160">
          {paper.certificateNumber === null ? '資格情報のお知らせ' : '資格確認書'}{' '}
          <PaperNumber number={paper.certificateNumber ?? paper.mailpieceNumber} />
        </h3>
        <StateChip state={(paper.certificateState ?? paper.mailpieceState) as PaperState} />
      </div>
      <Facts
        facts={[
          {
            name: '発行',
            value: maySeeIssuance ? (
              <Link to={paths.issuance(paper.issuanceId)}>{paper.issuanceTitle}</Link>
            ) : (
              paper.issuanceTitle
            ),
          },
          {
            name: paper.certificateNumber === null ? '通知年月日' : '交付年月日',
            value: <DateText date={paper.issuedOn as LocalDate} />,
          },
          ...(paper.validThrough === null
            ? []
            : [{ name: '有効期限', value: <DateText date={paper.validThrough as LocalDate} /> }]),
          {
            name: '郵便物',
            value: (
              <span className="flex flex-wrap items-center gap-3">
                <Link to={paths.piece(paper.mailpieceNumber)}>
                  <PaperNumber number={paper.mailpieceNumber} />
                </Link>
                <StateChip state={paper.mailpieceState as PaperState} />
              </span>
            ),
          },
          { name: '送り先', value: `${ROUTE_LABELS[paper.route]}（${paper.addressee}）` },
        ]}
      />
      {mayChange && paper.mailpieceState === 'held' && <HeldTexts mailpieceNumber={paper.mailpieceNumber} />}
      {paper.actions.length > 0 && (
        <div className="mt-4">
          <PaperActions paper={paper} />
        </div>
      )}
      {maySeePages && (
        <PrintedPages
          mailpieceNumber={paper.mailpieceNumber}
          none={
            paper.certificateNumber === null
              ? '印刷していないか、紙面に個人番号の下4桁があるため、画面には出しません。'
              : '印刷したページはまだありません。'
          }
        />
      )}
    </>
  );
}

function Identity({ person }: { readonly person: PersonData['person'] }): ReactNode {
  return (
    <Facts
      facts={[
        { name: '生年月日', value: <DateText date={person.bornOn as LocalDate} /> },
        { name: '性別', value: SEX_LABELS[person.sex] },
        {
          name: '資格',
          value: (
            <>
              <DateText date={person.acquiredOn as LocalDate} /> 取得（{person.insuredClass}）
              {person.lostOn !== null && (
                <>
                  、<DateText date={person.lostOn as LocalDate} /> 喪失
                </>
              )}
            </>
          ),
        },
        { name: '住所', value: person.address || '記録がありません' },
        { name: '事業所', value: [person.workplaceName, person.branchName].filter(Boolean).join('・') || 'なし' },
        {
          name: 'マイナ保険証',
          value:
            person.card === null ? (
              '登録状況の記録がありません'
            ) : (
              <>
                カード {person.card}・利用登録 {person.registration}
                {person.enrolmentAsOf !== null && (
                  <>
                    （<DateText date={person.enrolmentAsOf as LocalDate} /> 時点）
                  </>
                )}
              </>
            ),
        },
      ]}
    />
  );
}
