// Package store is the one table: every key, every item and every access pattern of the
// system, a method for each. It must never scan, never hold anything of two orgs in one
// answer, never hide a refused condition, and never make a write that is not safe to
// repeat: an answer can be lost after the write was made.
//
// # Keys and items
//
// One table, keys PK and SK, and two indexes of all attributes, GSI1 and GSI2. Every item
// carries its kind at the top, by which the stream's readers choose what they are handed;
// only the compact window has none, since nobody follows it and it is read by the hundred.
// A phone or number is in E.164 form; an order is a microsecond and a random tail, and
// sorts by time; a start or end is nine characters of milliseconds.
//
//	PK                    SK                    item         GSI1                          GSI2
//	N#<number>            META                  number
//	N#<number>            P#<phone>             route, with the last automatic answer
//	N#<number>            H#<phone>#<order>     held text                                  HELD#<shard> / <order>
//	M#<sid>               META                  message seen
//	O#<org>               META                  org
//	O#<org>               N#<number id>         number, as the org lists it
//	O#<org>               S#<sitter>            sitter
//	O#<org>               COUNT#<shard>         counters
//	O#<org>#C             <client>              client
//	O#<org>#C#<client>    LEDGER                client's threads and dues
//	O#<org>#P#<phone>     CLIENT                whose phone it is, with that client's name, pets and phones
//	O#<org>#P#<phone>     CONSENT               what the person told us
//	O#<org>#P#<phone>     LINE#<order>          line of the consent history, never changed
//	O#<org>#HOOK          <number id>           where an imported number's webhooks led before
//	O#<org>#B#<booking>   BOOKING               booking      O#<org>#B / <start>#<id>      O#<org>#S#<sitter>#B / <end>#<id> while live
//	O#<org>#B#<booking>   ASSIGN                assignment                                 O#<org>#D / <start>#<id> while suggested
//	O#<org>#S#<sitter>    ATT#<order>           attempt
//	O#<org>#A             <order>               alert                                      O#<org>#I / <order> while open
//	O#<org>#AUDIT         <order>               audit row
//	O#<org>#DEC           <order>#<thread>      routing decision, for diagnostics
//	O#<org>#K             <hash>                idempotency key
//	O#<org>#RATE#<who>    <minute>              messages sent in it, by a sitter or the org, counted from the stream
//	T#<thread>            META                  thread       O#<org>#L / <order>           O#<org>#I / <order> while routed to the owner
//	                                                         (billing: O#<org>#LB)
//	T#<thread>            E#<order>             event
//	T#<notices thread>    E#<order>, NOTE       event to a sitter's or the owner's own phone; when they were last told
//	T#<thread>            W#<end>#<b>#<v>       window       O#<org>#S#<sitter>#W / <end>…
//	O#<org>#W             <end><start><thread>… compact window, as diagnostics counts it: made from the stream
//	<any of the above>    FOLD                  sequence mark of what was counted
//	X#<shard>             <due>#<event>         outbox entry left behind
//	X#<shard>             <due>#<org>#<booking> booking that waits for a pool number
//	N#<number>            MARK                  up to when the carrier's list was compared
//	OPS                   U#<order>             text to a number of no org
//	OPS                   PARK#<order>          stream record that could not be handled
//	OPS                   REPORT#<order>        status report of a message we do not know
//	OPS                   COUNT#<shard>         counters of what has no org
//	OPS#AUDIT             <order>               audit row of the stage: flips of flags
//
// A thread's windows stand behind its row, those that end last first, and its events before
// it: one Query backwards from the windows of some days ago reads what a page shows. The row
// carries what else it needs: the newest lines of who was assigned, and whether somebody may
// have opted out, so that the truth of it must be looked up to be shown. (What is sent goes
// by the truth alone.)
//
// Three revisions hold it together. A thread's rev is raised by every change of its
// windows, people or rest, in one transaction with every route that leads to it: a text
// is decided on the route alone and committed on the thread's rev, so that what changed in
// between refuses it. A ledger's rev is where everything meets that makes a thread for a
// client (a first text adds to it unread, under the claim of its phone). A booking's version says what the office wrote, its assignment's what of that
// has been applied. A consent, a claim of a phone and a front desk are conditions of their
// own.
//
// # Writes that meet themselves
//
// A transaction carries a token, by which the table knows the SDK's repeat of it. A single
// write does not: its repeat finds its own condition refused. So each is of one of four
// kinds. It may be made twice (a put of the same item, a delete, a mark). It is named
// (Claim). It recognises what it wrote (Record, Report, AddAudit). Or it is a transaction,
// though of one item. The conformance suite runs everything with the first answer to every
// call lost.
//
// # Methods
//
// Calls, and the units of an ordinary case: items up to 1 KB, one route to a thread, one
// shard. A consistent read costs one unit an item, missing or not; a query half a unit for
// each 4 KB, or a whole one where it is consistent; a write one unit, in a transaction two;
// an index entry one more, and two where it moves. n is how many were asked for, p pages
// of a megabyte, s shards, r routes.
//
//	method            calls  RRU    WRU    reads, and writes with their conditions
//	AddAudit          1      0      1      the line, if there is none of that order
//	AddConsentLine    1      0      1      line of the consent history, if absent
//	AddNote           1      0      4-7    event; thread if it exists; the alert of a sitter's question
//	Again             1      0      4      event, from the status and attempt read, back to queued; the audit's line
//	Alert             1      1      0      alert
//	AllSuggested      p      n/8    0      GSI2, by first start, every one
//	AssignFacts       2-3    4-5    0      org partition (eventually) beside assignment, client, ledger; then the service threads and the message that told
//	Assignment        1      1      0      assignment; none is version 0
//	Assignments       1      n/2    0      assignments
//	Attempts          1      1      0      a sitter's attempts since an instant
//	Audits            1      1      0      the newest lines
//	Block             1      0      1      route if it exists
//	Booking           1      1      0      booking
//	Bookings          1      n/8    0      GSI1, by start
//	BookingsByID      1      n      0      bookings
//	Claim             2      1      2-4    event if queued and due; consent, if asked; then the event read
//	ClientFile        1      2      0      client, ledger
//	ClientNames       1      n/2    0      clients
//	Clients           1      n/8    0      client partition, by id
//	ClientsByID       1      n      0      clients
//	CommitAssign      1      0      13     thread of its rev or absent; its routes or those replaced; windows that go and come; ledger of its rev; assignment of its rev; the message queued, the one withdrawn if still queued; alerts; lines. Beyond 100 writes in several, see there
//	CommitBookings    1      0      8      each booking absent or of its version; its sitter active; lines
//	CommitClient      1      0      6-     client absent or of its version; phones claimed if free, kept and given up if theirs; ledger; threads and routes of their revs; lines
//	CommitFold        1      0      4-     partition's mark if before; the org's counters; a row for each decision; where a trend moves, its hour
//	CommitInbound     1      0      8-14   seen if absent; event; thread of its rev or absent; routes as read; a line of the ledger, if the phone's client is as read; consent and the client's mark; answer if no consent forbids it and none went today, by the route; or the held text and its route's count; or a text to nowhere; a stranger's phone still nobody's
//	CommitInventory   1      0      6-     org of its version, its one front desk moved from where it was; each number in both places; sitters of their versions; hooks; lines
//	CommitSend        1      0      10     idempotency key if absent; event; thread of its rev; recipient has not opted out; front desk: route; stopped: attempt, sitter of the count read, with the lock; alerts
//	CommitWish        1      0      9      alert while open; consent; the client's mark; line; audit row
//	ComparedNumbers   p+1    n/4    0      every number in use, with up to when it was compared
//	Consent           1      1      0      consent; none is none
//	ConsentHistory    2      2      0      a phone's lines, oldest first, and what holds now
//	Conversations     2      2n     0      routes, then their threads and those named
//	CountSent         1-2    0      1-2    the minute's count, of the org and of a sitter
//	CountWindows      p      4      0      compact windows that are not over, or were on in the last day: 400 in 32 KB
//	CreateAlert       1      0      1-3    alert if absent
//	Decisions         1      1.5    0      the newest decisions
//	DropRoutes        r      0      r      routes, of a number that changes hands
//	Due               s      1      0      what is left behind and due
//	EditEvent         1      0      4-8    event, open if it is to be closed; thread of the count read
//	EraseAbout        5+     n/4    n      an org's alerts and decisions, filtered; bookings with assignments; phones, whose opt-outs stay
//	EraseClient       1      0      8      client of its version; ledger of its rev; claims of their phones; audit row
//	EraseRoute        4+     n/4    n      the route, if it leads where it led; the texts held on it
//	EraseThread       4+     n/4    n      thread; then all in it but the mark
//	Event             1      1      0      event
//	Events            1      n/25   0      a thread's events, newest first
//	FailThread        1      0      6      thread if it exists; alert if absent, else nothing
//	FoldMark          1      1      0      the partition's mark
//	Forget            1      0      1      what is left behind
//	Fresh             0-1    0-1    0      the windows beyond those the row carries, when their time has come
//	HeldOf            p      1      0      a pair's held texts, in order
//	HeldTexts         s      n/8    0      GSI2, in order
//	HooksOf           p      1      0      an org's hooks
//	Idem              1      1      0      idempotency key
//	InboundFacts      1      3      0      number, route, seen: all from To, From and MessageSid
//	KeepMedia         1      0      1      where an event's pictures are kept
//	KeepReport        1      0      1      the report
//	LeaveBehind       1      0      1      the entry
//	LeaveWaiting      1      0      1      the entry of a booking that waits for a pool number
//	MakeThread        1      0      8      thread absent; routes as read; ledger of its rev; sibling, if any, learns of it
//	MarkCompared      1      0      1      the number's mark
//	MarkThread        1      0      1-3    thread if it exists
//	Newest            1      2      0      the newest decisions, and the day's trends
//	NextDue           s      1      0      the first that is left behind
//	NoticeGone        1      0      1      that a notification never went, if it is the last
//	Notices           1      1      0      when somebody was last told, and whether they have read since
//	NoticesRead       1      0      1      that they have read
//	Notify            1      0      6      event if absent; the reader not opted out; notices as read
//	OpsCounts         1      s/2    0      counters
//	Org               1      1      0      org
//	OrgAndThreads     1      n/2    0      org and threads
//	OtherSids         1      n/4    0      sids of a thread's newest events, the given one's own left out
//	OwnerInbox        1      n/4    0      GSI2: threads routed to the owner, open alerts
//	Page              1      n/20   0      windows since an instant, thread, newest events: one Query. Where there are more than four windows, 2
//	Park              1      0      1-     the record
//	ParkedRecords     1      n/4    0      the oldest
//	PhoneOwners       1      2n     0      whose phones they are, and their consents
//	PutAlert          1      0      1-3    alert
//	PutOff            1      0      1      event if queued
//	QueueOnce         1      0      4-6    event if absent; the reader not opted out; with daily, no automatic answer within a day
//	Reach             1      2      0      consent and the pair's route
//	Record            1-2    0      1      event of that attempt, forward only; after a report that came first, its sid alone
//	Release           1      0      6      event, if stopped, to queued; its attempt; the audit's line
//	Report            1      0      1      event, outbound, of that sid and of no earlier attempt's, forward only
//	Rest              1      0      4      thread of its rev, and its routes
//	Roster            p      0.5-   0      org partition: org, numbers, sitters, counters
//	Routes            1      n      0      routes
//	RoutesOf          p      1-     0      a number's routes
//	RoutesOfPhones    1      n      0      routes by numbers and phones, of one org
//	SearchThreads     p+1    n/4    0      all of an org's clients, filtered; then ledgers and routes
//	SeenSids          1      n      0      which MessageSids were taken in
//	SendFacts         1      3-5    0      thread, the minute's count, idempotency key, a sitter's own row and count
//	SenderFacts       1      2      0      whose phone, consent
//	SetExceptions     1      0      5      thread, if its exceptions are as read; the audit's line
//	SetNotify         1      0      4      sitter, with a phone if it is to be told; the audit's line
//	SettleWindow      2-3    1      1-2    window's own row; compact row put, or dropped, or moved
//	Sharded           0      0      0      nothing: the same table, with shards
//	Sitter            1      1      0      sitter
//	SitterBookings    p      0.5-   0      GSI2, live ones by end
//	SitterWindows     p      0.5-   0      GSI1, by end
//	Suggested         1      n/8    0      GSI2, by first start
//	Thread            1      1      0      thread
//	ThreadWindows     p      1      0      a thread's windows that are not over
//	Threads           1      n/25   0      GSI1, newest first
//	ThreadsByID       1      n/2    0      threads
//	TruthOf           1      n      0      numbers by themselves
//	Unpark            1      0      1      the record
//	Waited            1      0      1      event if queued
//	Withdraw          1      0      1      event, if queued
//
// # Scenarios on paper
//
// Front desk and billing of one client: two threads on N#desk, one route for each phone.
// MakeThread of the second leaves the route with the first and links the two; CommitSend
// in either writes the route with its thread's rev, so the next text goes where the
// business wrote last.
//
// Two sitters on alternate days: windows of both stand in the client's thread that the
// class rules choose, or in two threads on two numbers. The route carries the soonest six;
// a text beyond them reads W# (ThreadWindows), one more call.
//
// A, then B, then A: each change moves the windows to the thread chosen for the sitter,
// which the ledger finds again; Before and the threads' links lead the owner between
// them. On a pool number it is one thread, and a window that keeps its end is one row
// written in place.
//
// A house-sit handoff: two bookings, two windows that overlap; the route carries both, and
// rule 10 needs nothing else. Who's coming is an event put by the second's CommitAssign.
//
// A household's second phone: CommitClient claims CLIENT for it, adds it to the threads
// and writes its routes with their revs; a text that was being decided is refused by
// "thread" or "claim" and decided anew.
//
// The same phone in two orgs: N#<number> differs, and O#<org>#P#<phone> begins with the
// org. Nothing is shared.
//
// A return on day 31: the route's until is over, so the decision is a guest thread; its
// commit replaces the route. The old thread keeps its phones, and a late change of the old
// booking leaves out the route that has moved on.
//
// Pool exhausted, then freed: the assignment stands under O#<org>#D with no thread, the
// due in the ledger; opening it later is an ordinary CommitAssign of the same version.
//
// STOP while messaging is off: rule 3 comes before 4, so CommitInbound writes consent and
// event. The held texts stay; CommitSend's check refuses what is on its way.
//
// Held texts and a new one: each adds one to its route's held; a new text sees it in
// InboundFacts and is held behind them. Releasing takes the held row, counts down and
// keeps the event in one transaction, refused by "held" if another release was first.
//
// A stranger on a pool number, then added as a client: the guest thread is adopted or
// linked by CommitClient; its routes get the client's thread. The text in flight is
// refused by "claim", or found by the office's second look.
//
// A series of 60 visits: 60 windows, thread, route, ledger, assignment, event: 65 writes.
// Moved to another thread, 127: the assignment's revision first, then 120 windows, then the
// rest. Whatever ends half-way is put right by the next attempt, from the note.
//
// # Ten thousand orgs, five thousand texts a second
//
// A partition of the table, or of an index, takes 1,000 write and 3,000 read units a
// second, and the table splits what is hot as long as the keys differ.
//
// An org has half a text a second on average; a big one in its worst minute may have a
// hundred times that, 50. Its list partition O#<org>#L then takes 2 units a text, 100; its
// decisions 2; its counters one fold for each batch and partition. Ten times more is where
// an org's counters want shards (Sharded); its list would want another design at 500 texts
// a second, which is 43 million a day.
//
// A text spreads over M#<sid>, T#<thread> and N#<number>, all different: 6 base units in
// three partitions and 2 in an index. A thread takes 2 + 2 units a text, so 200 texts a
// second in one conversation. The number's row is read by every text: 3,000 a second on
// one number.
//
// X#: each message leaves one entry and takes it away: 2 units. 5,000 texts a second with
// an answer to each are 10,000 units: 12 shards at least, 16 to have room. HELD#: with
// messaging off for all of them, 5,000 entries a second, 1 unit each: 8 shards; the index
// would otherwise push back on the table itself, and texts would go to the fallback queue.
// OPS: a text to a number of no org is rare; the wire refuses what is not signed, so
// nobody can fill it from outside.
//
// Counters are folded from the stream, with a mark in each partition counted: one
// transaction of 4 units and 2 for each decision, for each batch and partition. Two folds
// of one org at one time conflict and are tried again, so parallel readers of a big org
// want shards too. The mark is a sequence number, which orders one shard of the stream: it
// holds as long as the items of one PK are on one shard. DynamoDB parts them only where one
// PK alone is hot for long, which the figures above exclude. used:<number> is the last
// fold's, not the latest: off by a batch at most.
//
// The stream has a shard for each partition of the table. 5,000 texts a second with an
// answer to each are 175,000 units, so some 200 of both, with two readers on each shard. At
// 50 records a batch and 100 ms a reader does 500 records a second; a pair makes 7 that
// somebody follows (two events and two thread rows, and the answer's event three times
// more), so 35,000 a second are 175 a shard.
//
// Cost, us-east-1, on demand ($0.625 and $0.125 a million): a text in is 8 WRU and 3 RRU,
// an answer 13 and 2, the folds and the outbox 14: $0.0000225 a pair, against some $0.016
// at the carrier. 5,000 a second around the clock: $296,000 a month at the table if it
// were so all day; at the usual tenth of the peak, $29,600, or $3 an org.
package store
