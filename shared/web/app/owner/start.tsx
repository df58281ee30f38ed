// Conversations that do not exist yet: the first message makes them.
import { useRef, useState } from "preact/hooks";
import { useApp, useLive } from "../app";
import { Refused } from "../api";
import { Composer } from "../composer";
import type { Returned } from "../outbox";
import { common as C, owner as S } from "../strings.en";
import { ActionDialog, Chip, Empty, Icon, Pending, SelectField, TextField } from "../ui";
import type { Client, Sent, Suggested } from "../wire";
import { Canned, price } from "./thread";

type Started = Partial<Sent> & { id?: string };

/** The same text to the same person is one message, however often it is tried. */
function useOneKey(): (what: unknown) => string {
  const last = useRef({ what: "", key: "" });
  return (what) => {
    const w = JSON.stringify(what);
    if (last.current.what !== w) last.current = { what: w, key: crypto.randomUUID() };
    return last.current.key;
  };
}

export function SuggestedScreen({ bookingId, suggested: s, back }: { bookingId: string; suggested: Suggested | null; back: string }) {
  const { api, live, router, when, me } = useApp();
  const key = useOneKey();
  const [problem, setProblem] = useState("");
  const [returned, setReturned] = useState<(Returned & { n: number }) | null>(null);
  const send = async (text: string) => {
    const body = { bookingId, text };
    setProblem("");
    try {
      const made = await api.post<Started>("/api/messages/threads", body, { key: key(body) });
      live.poke("/api/messages/threads");
      router.go(`/messages/t/${encodeURIComponent(made.threadId ?? made.id ?? "")}`, true);
    } catch (e) {
      setProblem(e instanceof Refused ? (S.refusals[e.problem.code] ?? e.problem.detail ?? S.refused) : C.notDone);
      setReturned((r) => ({ text, pictures: [], n: (r?.n ?? 0) + 1 }));
    }
  };
  return (
    <>
      <header class="thread-head">
        <a class="icon-button back" href={back} aria-label={C.back}>
          <Icon name="back" />
        </a>
        <div class="thread-title">
          <h1>
            <bdi>{s?.clientName ?? S.suggested}</bdi>
          </h1>
          {s && (
            <p class="window-line">
              {s.service}, {when.span(s.startAt, s.endAt)}
            </p>
          )}
        </div>
        {s && <Chip>{s.sitterName || S.unassigned}</Chip>}
        {s && <Chip tone={s.clientTold ? "on" : "warn"}>{s.clientTold ? S.told : S.notTold}</Chip>}
      </header>
      <Empty title={S.suggestedWhy}>{s && <p>{S.startHere(s.clientName)}</p>}</Empty>
      <Composer
        draftId={"b:" + bookingId}
        label={S.writeTo(s?.clientName ?? "")}
        placeholder={S.writeHere}
        price={price}
        returned={returned}
        banner={problem && <p role="alert">{problem}</p>}
        tools={(insert) => <Canned answers={me.canned ?? []} insert={insert} />}
        onSend={(t) => void send(t)}
      />
    </>
  );
}

export function StartDialog({ onClose }: { onClose: () => void }) {
  const { api, live, router } = useApp();
  const clients = useLive<{ clients: Client[] | null }>("/api/clients", 60_000);
  const [mode, setMode] = useState<"client" | "phone">("client");
  const key = useOneKey();
  return (
    <ActionDialog
      title={S.startTitle}
      action={S.startGo}
      onClose={onClose}
      run={async (f) => {
        const text = String(f.get("text")).trim();
        const kind = String(f.get("kind") ?? "");
        const body = mode === "client" ? { clientId: String(f.get("client")), text, ...(kind ? { kind } : {}) } : { phone: phone(String(f.get("phone"))), text };
        const made = await api.post<Started>("/api/messages/threads", body, { key: key(body) });
        live.poke("/api/messages/threads");
        router.go(`/messages/t/${encodeURIComponent(made.threadId ?? made.id ?? "")}${kind === "billing" ? "?box=billing" : ""}`);
      }}
    >
      <div class="row-flex" role="group" aria-label={S.startWith}>
        <button type="button" class="small" aria-pressed={mode === "client"} onClick={() => setMode("client")}>
          {S.startClient}
        </button>
        <button type="button" class="small" aria-pressed={mode === "phone"} onClick={() => setMode("phone")}>
          {S.startPhone}
        </button>
      </div>
      {mode === "client" ? (
        clients.data ? (
          <>
            <SelectField label={S.client} name="client" value={clients.data.clients?.[0]?.id ?? ""} options={[...(clients.data.clients ?? [])].sort((a, b) => a.name.localeCompare(b.name)).map((c) => ({ value: c.id, text: c.name + (c.pets?.length ? ` · ${c.pets.join(", ")}` : "") }))} />
            <SelectField
              label={S.startKind}
              name="kind"
              options={[
                { value: "", text: S.startKinds.auto },
                { value: "front_desk", text: S.startKinds.front_desk },
                { value: "billing", text: S.startKinds.billing },
              ]}
            />
          </>
        ) : (
          <Pending error={clients.error} retry={clients.refresh} rows={1} />
        )
      ) : (
        <TextField label={S.phone} name="phone" type="tel" required />
      )}
      <TextField label={S.startText} name="text" rows={4} required />
    </ActionDialog>
  );
}

/** As the API writes phones; a number without a country is taken for a US one. */
export function phone(typed: string): string {
  const digits = typed.replace(/[^\d+]/g, "");
  if (digits.startsWith("+")) return digits;
  return digits.length === 10 ? `+1${digits}` : `+${digits}`;
}
