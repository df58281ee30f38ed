// Starts the page: who is here, may they be here, and which screens are theirs.
import { Component, render } from "preact";
import type { ComponentChildren, FunctionComponent } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Api } from "./api";
import { AppContext } from "./app";
import type { App } from "./app";
import { Drafts } from "./drafts";
import { browserEnv } from "./env";
import type { Env } from "./env";
import { Live } from "./live";
import { listening, notifying, putNotifying, putSounding, sounding } from "./news";
import { Outbox } from "./outbox";
import { Router } from "./router";
import { common as S } from "./strings.en";
import { Pending } from "./ui";
import { When } from "./when";
import type { Me } from "./wire";

export type Kind = "owner" | "sitter";

/** Draw the page into the root, for one kind of person, in one world. */
export function start(kind: Kind, Shell: FunctionComponent, env: Env = browserEnv(), root = document.getElementById("app")): void {
  if (root) render(<Boot kind={kind} Shell={Shell} env={env} />, root);
}

const triedAt = "snout-sign-in-at";
const leftAt = "snout-signed-out";
const swappedAt = "snout-page-swap";

function Boot({ kind, Shell, env }: { kind: Kind; Shell: FunctionComponent; env: Env }) {
  const [out, setOut] = useState<"no" | "left" | "ended">(() => (env.store.get(leftAt) ? "left" : "no"));
  const [error, setError] = useState<unknown>(null);
  const spoken = useRef<HTMLDivElement>(null);

  const world = useMemo(() => {
    const router = new Router(env);
    const signedOut = () => {
      const last = Number(env.store.get(triedAt));
      if (Date.now() - last < 20_000) return setOut("ended"); // do not circle between here and the issuer
      env.store.set(triedAt, String(Date.now()));
      env.leave("/auth/login?return=" + encodeURIComponent(env.path()));
    };
    const api = new Api(env, signedOut);
    const live = new Live(api, env, listening);
    const drafts = new Drafts(env.store);
    if (env.first) {
      env.heard(env.first.now);
      api.role = env.first.role;
      for (const [path, a] of Object.entries(env.first.answers)) live.seed(path, a.data, a.etag || null);
    }
    const outbox = new Outbox(api, drafts, env.now, env.pauses, (id) => live.poke(`/api/messages/threads/${encodeURIComponent(id)}`));
    return { router, api, live, drafts, outbox };
  }, [env]);
  const [me, setMe] = useState<Me | null>(() => world.live.peek<Me>("/api/messages/me")?.data ?? null);

  useEffect(() => {
    if (out !== "no") return;
    const { api, live } = world;
    return live.subscribe<Me>(
      "/api/messages/me",
      (s) => {
        // Rights come with every answer; this only puts the right screens up.
        const wants: Kind = api.role === "owner" ? "owner" : "sitter";
        if (s.data && api.role && wants !== kind && !env.store.get(swappedAt)) {
          env.store.set(swappedAt, "1");
          env.leave(env.path());
          return;
        }
        if (s.data) {
          env.store.delete(swappedAt);
          env.store.delete(triedAt);
          setMe((was) => (JSON.stringify(was) === JSON.stringify(s.data) ? was : s.data));
        }
        setError(s.error);
      },
      15_000,
    );
  }, [world, out]);

  if (out !== "no") return <SignIn ended={out === "ended"} env={env} />;
  if (!me)
    return (
      <main class="plain">
        <h1 class="sr">{S.messages}</h1>
        <Pending error={error} retry={() => world.live.poke("/api/messages/me")} rows={6} />
      </main>
    );
  const app: App = {
    env,
    ...world,
    me,
    when: new When(me.timeZone || "UTC", env.now),
    say: (text) => {
      if (spoken.current) spoken.current.textContent = text;
    },
    signOut: () => {
      world.drafts.clear();
      env.store.set(leftAt, "1"); // coming back from the issuer must not start another sign-in
      void world.api.signOut().then(env.leave, () => setOut("left"));
    },
  };
  return (
    <AppContext.Provider value={app}>
      <div class="app" onClick={world.router.onClick}>
        <Guard>
          <Shell />
        </Guard>
        <div class="sr" role="status" aria-live="polite" ref={spoken} />
      </div>
    </AppContext.Provider>
  );
}

function SignIn({ ended, env }: { ended: boolean; env: Env }) {
  const back = ended ? env.path() : "/messages";
  return (
    <main class="plain">
      <h1>{ended ? S.signInAgain : S.signedOut}</h1>
      {ended && <p>{S.signInWhy}</p>}
      <p>
        <a class="button primary" href={"/auth/login?return=" + encodeURIComponent(back)} onClick={() => env.store.delete(leftAt)}>
          {S.signIn}
        </a>
      </p>
      <p class="quiet">
        <a href="/messages/about">{S.howItWorks}</a>
      </p>
    </main>
  );
}

/** A fault in one screen must leave the person a way on. */
class Guard extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  override state = { failed: false };
  static override getDerivedStateFromError() {
    return { failed: true };
  }
  override componentDidCatch(e: unknown) {
    console.error(e instanceof Error ? e.stack : e);
  }
  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <main class="plain">
        <p role="alert">{S.crashed}</p>
        <button class="primary" onClick={() => location.reload()}>
          {S.reload}
        </button>
      </main>
    );
  }
}

/** The part of the account menu that everybody has. */
export function AccountItems({ app }: { app: App }) {
  const [theme, setTheme] = useState(readTheme);
  return (
    <>
      <fieldset class="menu-choices">
        <legend>{S.theme}</legend>
        {(["auto", "light", "dark"] as const).map((t) => (
          <label key={t}>
            <input
              type="radio"
              name="theme"
              checked={theme === t}
              onChange={() => {
                setTheme(t);
                putTheme(t);
              }}
            />{" "}
            {S.themes[t]}
          </label>
        ))}
      </fieldset>
      {typeof Notification === "function" && <Notify />}
      {app.me.notify !== undefined && <OwnPhone app={app} on={app.me.notify} />}
      <Sound />
      <a href="/messages/about">{S.howItWorks}</a>
      <button class="quiet" onClick={app.signOut}>
        {S.signOut}
      </button>
    </>
  );
}

/** Notifications are the device's: asked for here, and only when somebody wants them. */
function Notify() {
  const [on, setOn] = useState(notifying);
  const [refused, setRefused] = useState(false);
  return (
    <div class="menu-choices">
      <label>
        <input
          type="checkbox"
          checked={on}
          onChange={(e) => {
            const box = e.currentTarget;
            const wanted = box.checked;
            void putNotifying(wanted).then((now) => {
              box.checked = now;
              setOn(now);
              setRefused(wanted && !now);
            });
          }}
        />{" "}
        {S.notify}
      </label>
      <p class="hint" role="status">
        {refused ? S.notifyRefused : on ? S.notifyWhy : ""}
      </p>
    </div>
  );
}

/** A text to the sitter's own phone when somebody wrote: theirs to ask for, where the office knows the phone. */
function OwnPhone({ app, on }: { app: App; on: boolean }) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  return (
    <div class="menu-choices">
      <label>
        <input
          type="checkbox"
          checked={on}
          disabled={busy}
          onChange={(e) => {
            const box = e.currentTarget;
            const wanted = box.checked;
            setBusy(true);
            app.api.request("/api/messages/me", { method: "PATCH", body: { notify: wanted } }).then(
              () => setFailed(false),
              () => {
                box.checked = !wanted;
                setFailed(true);
              },
            ).then(() => {
              setBusy(false);
              app.live.poke("/api/messages/me");
            });
          }}
        />{" "}
        {S.ownPhone}
      </label>
      <p class="hint" role="status">
        {failed ? S.ownPhoneFailed : on ? S.ownPhoneWhy : ""}
      </p>
    </div>
  );
}

function Sound() {
  const [on, setOn] = useState(sounding);
  return (
    <div class="menu-choices">
      <label>
        <input
          type="checkbox"
          checked={on}
          onChange={(e) => {
            putSounding(e.currentTarget.checked);
            setOn(e.currentTarget.checked);
          }}
        />{" "}
        {S.sound}
      </label>
    </div>
  );
}

type Theme = "auto" | "light" | "dark";

function readTheme(): Theme {
  const t = localStorage.getItem("snout-theme");
  return t === "light" || t === "dark" ? t : "auto";
}

function putTheme(t: Theme): void {
  if (t === "auto") {
    localStorage.removeItem("snout-theme");
    delete document.documentElement.dataset["theme"];
  } else {
    localStorage.setItem("snout-theme", t);
    document.documentElement.dataset["theme"] = t;
  }
}

putTheme(readTheme());
