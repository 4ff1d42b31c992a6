/* Judges subjects against a compiled plan. Serves speed; the meaning is decided elsewhere.
 *
 * Every table read here was filled by the reference's own functions over distinct values (tables.py): which codes
 * satisfy a test, which periods a date gives, how much is needed. What is left for this file is looking up, adding and
 * comparing whole numbers. Days are days since 1970; codes are places in a dictionary, 0 is null.
 *
 * Build: hatch_build.py. No header but the standard ones, no globals.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef SOURCE
#define SOURCE 0                                                 /* of this text: the build tells, native.py compares */
#endif
enum { FIXED, DATED, TRIGGERED, STANDING };                      /* clocks */
enum { COUNT, AMOUNT, TOPICS, PEOPLE };                          /* measures */
enum { MET, LATE, MISSED, EXEMPT, OPEN, UPCOMING };              /* statuses */
enum { LEAF, AND, OR, NOT };                                     /* program steps: (step, argument) */
enum { NO_EXCUSE = -1, PARTIAL = -2, NO_BASIS = -3 };            /* else the number of a waiver */
enum { NO_MEMORY = -1, FULL = -2, TOO_MANY = -3 };               /* what `judge` returns when it can't go on */
#define LANE 10                                                  /* bits of a status in a word of counts */
#define LANE_MAX ((1 << LANE) - 1)

typedef int64_t i64; typedef uint64_t u64; typedef int32_t i32; typedef uint32_t u32; typedef uint8_t u8; typedef uint16_t u16;
typedef __int128 big;                                             /* a sum of amounts: 10^12 with 18 decimals, a million times */

typedef struct { const void *codes; i64 width; } Column;         /* width: 1, 2 or 4 bytes a code */
typedef struct {                                                 /* the conditions on a table, over bits: one for each test */
  i64 words, columns, count;                                     /* words of 64 tests; columns tested; conditions */
  const i64 *column; const u64 *const *bits;                     /* a tested column; bits[column][code * words]: its tests' */
  const i32 *steps; const i64 *step_of;                          /* of each condition: its program */
} Tests;
#define WORDS 8                                                  /* at most (programs.py sees to it) */

typedef struct {                                                 /* which rules a row may count for: a bit for each rule */
  i64 words, columns;
  const i64 *column; const u64 *const *passed;                   /* passed[column][code * words]: rules that it does not rule out */
  const i32 *left;                                               /* [rules]: the condition that is still to be asked, or -1 */
} Sieve;

typedef struct {                                                 /* order and types as in native.py */
  i64 rules, groups, slots, as_of, day, seen;                    /* seen: codes of days below it are recorded by as_of */
  /* subjects and their rows of history, by valid_from */
  const i64 *row_of;                                             /* [subjects + 1] */
  const i32 *valid_from, *valid_to, *born, *gone;                /* [rows] */
  const Column *row_columns; Tests row_tests; Sieve row_sieve;
  /* events, by subject */
  const i64 *event_of;                                           /* [subjects + 1] */
  Column types, held, recorded, makes_up, person, topics;
  const Column *event_columns; Tests event_tests; Sieve event_sieve;
  const u64 *wanted, *in_time, *makes_good;                      /* by code of types, of days, of makes_up: rules, as above */
  const i32 *days;                                               /* [codes of days] */
  const i64 *trigger_of; const i32 *triggers;                    /* by code of types: rules that it triggers */
  const i64 *topic_of; const i32 *topic; const u64 *topic_bits;  /* by code of topics: its topics; as bits, if 64 are enough */
  const i32 *made_start, *made_end;                              /* by code of makes_up: the days its label names */
  /* rules, by group */
  const i32 *clock, *measure, *condition, *partial, *name, *base, *n_slots;
  const i32 *basis, *date, *amount;                              /* columns of rows, rows, events; -1: none */
  const big *need;                                               /* where basis is -1 */
  const big *const *needs;                                       /* [rule][code of the basis] */
  const big *const *amounts;                                     /* [rule][code of the amount] */
  const i32 *const *slot_of;                                     /* [rule][code of day] → place in the rule's slots */
  const i32 *const *made_slot;                                   /* [rule][code of makes_up] → the same */
  const i64 *const *own_of;                                      /* [rule][code of date or day] → its own periods */
  const i32 *const *own;                                         /* [rule] (start, end, deadline, provisional) … */
  const i32 *rule_of;                                            /* [groups + 1] */
  /* slots: the periods of fixed clocks */
  const i32 *start, *end, *deadline, *timely_below;
  /* waivers by subject, then name, then place in their table */
  const i64 *waiver_of; const i32 *waiver_name, *waiver_from, *waiver_to;
  /* texts of event ids, for the order of evidence */
  const i64 *id_at; const u8 *id_bytes; const u32 *id_row;       /* id_row may be null: event e has id e */
  i64 keep;                                                      /* bits of statuses whose verdicts are handed back */
} Plan;

typedef struct {                                                 /* room given by the caller, and how much was used */
  i64 room, evidence_room, runs_room, used, evidence_used, runs_used;
  u64 *counts;                                                   /* [subjects asked for][rules], or null */
  i32 *subject, *rule, *slot, *start, *end, *deadline, *excuse, *need_code; u8 *status, *provisional; big *timely, *total;
  i64 *evidence_end; i64 *evidence;                              /* events */
  i32 *run_subject, *run_group, *run, *since;
} Out;

typedef struct { i64 event; i32 slot, next, timely; } Hit;               /* next: another one of the same rule, or -1 */
typedef struct { i32 rule, start, end, deadline, slot, provisional, excuse, need_code; i64 row; big timely, total; int status; } Cell;
typedef struct { i32 rule, day; } Trigger;
typedef struct {                                                 /* what events ask of a rule, side by side */
  const i32 *slot_of, *made_slot;                                /* null: no fixed clock */
  i32 base, measure, condition;
  i32 steady, first, last;                                       /* steady: its cells may be judged so; days of its fixed periods */
} Wanted;
typedef struct {
  Wanted *rules;
  u64 *applies, *asked, *row_applies, *row_bits;                         /* to some row of the subject; by row; tests passed by row */
  big *timely, *total;
  i32 *head;                                                     /* [rules]: its first hit, or -1 */
  u8 *unmet;                                                     /* [slots]: the status when too little was done */
  Hit *hits; Cell *cells; Trigger *triggers; i32 *tokens;
  i64 n_cells, n_triggers, n_tokens, hit_room, cell_room, trigger_room, token_room, row_room;
} Work;

static inline u32 code(const Column *c, i64 at) {
  switch (c->width) {
    case 1: return ((const u8 *)c->codes)[at];
    case 2: return ((const u16 *)c->codes)[at];
    default: return ((const u32 *)c->codes)[at];
  }
}

/* Which tests a row passes. */
static inline void test(const Tests *t, const Column *columns, i64 at, u64 *bits) {
  for (i64 w = 0; w < t->words; w++) bits[w] = 0;
  for (i64 k = 0; k < t->columns; k++) {
    const u64 *found = t->bits[k] + (i64)code(&columns[t->column[k]], at) * t->words;
    for (i64 w = 0; w < t->words; w++) bits[w] |= found[w];
  }
}

/* A condition over bits: a program in postfix, with at most 60 values waiting. */
static int holds(const Tests *t, i64 condition, const u64 *bits) {
  const i32 *step = t->steps + 2 * t->step_of[condition], *stop = t->steps + 2 * t->step_of[condition + 1];
  u64 stack = 0;
  for (; step < stop; step += 2) {
    i32 n = step[1];
    if (step[0] == LEAF) stack = stack << 1 | (bits[n >> 6] >> (n & 63) & 1);
    else if (step[0] == NOT) stack ^= 1;
    else {
      u64 mask = (1ull << n) - 1, top = stack & mask;
      stack = (stack >> n) << 1 | (step[0] == AND ? top == mask : top != 0);
    }
  }
  return (int)(stack & 1);
}

/* The rules, 64 of them, that a row may count for. */
static inline u64 sieved(const Sieve *v, const Column *columns, i64 at, i64 word, u64 rules) {
  for (i64 k = 0; k < v->columns; k++) rules &= v->passed[k][(i64)code(&columns[v->column[k]], at) * v->words + word];
  return rules;
}

static inline int has(const u64 *rules, i64 r) { return (int)(rules[r >> 6] >> (r & 63) & 1); }

static int grown(void **items, i64 *room, i64 used, size_t size) {
  if (used < *room) return 1;
  i64 wanted = *room ? *room * 2 : 256;
  void *more = realloc(*items, (size_t)wanted * size);
  if (!more) return 0;
  *items = more; *room = wanted;
  return 1;
}
#define ADD(work, items, n, room, ...) \
  (grown((void **)&(work)->items, &(work)->room, (work)->n, sizeof *(work)->items) ? ((work)->items[(work)->n++] = __VA_ARGS__, 1) : 0)

static int more_hits(Work *w, i64 least) {
  i64 room = 2 * least + 256;
  Hit *more = room > INT32_MAX ? 0 : realloc(w->hits, (size_t)room * sizeof *w->hits);
  if (!more) return 0;
  w->hits = more; w->hit_room = room;
  return 1;
}

/* --- events: sums of fixed periods at once, every event that counts is noted -------------------------------- */

/* An event that counts for rule `r`: into the sums of its period, and noted. */
static inline void count_event(const Plan *p, Work *w, i64 r, i64 e, u32 held, u32 made, u32 recorded, i64 at) {
  const Wanted *one = &w->rules[r];
  i32 slot = -1, timely = !made;
  if (one->slot_of) {
    slot = one->base + (made ? one->made_slot[made] : one->slot_of[held]);
    timely &= recorded < (u32)p->timely_below[slot];
    if (one->measure == COUNT) {
      w->total[slot] += 1; w->timely[slot] += timely;
    } else if (one->measure == AMOUNT) {
      big amount = p->amounts[r][code(&p->event_columns[p->amount[r]], e)];
      w->total[slot] += amount;
      if (timely) w->timely[slot] += amount;
    } else if (one->measure == TOPICS && p->topic_bits) {
      u64 topics = p->topic_bits[code(&p->topics, e)];
      w->total[slot] |= topics;
      if (timely) w->timely[slot] |= topics;
    }
  }
  w->hits[at] = (Hit){e, slot, w->head[r], timely};
  w->head[r] = (i32)at;
}

static int read_events(const Plan *p, Work *w, i64 s) {
  const Sieve *v = &p->event_sieve;
  i64 words = v->words, stop = p->event_of[s + 1], n_hits = 0;
  w->n_triggers = 0;
  for (i64 e = p->event_of[s]; e < stop; e++) {
    u32 recorded = code(&p->recorded, e);
    if (recorded >= (u64)p->seen) continue;
    u64 bits[WORDS]; int tested = 0;
    u32 types = code(&p->types, e), held = code(&p->held, e), made = code(&p->makes_up, e);
    for (i64 k = p->trigger_of[types]; k < p->trigger_of[types + 1]; k++)
      if (!ADD(w, triggers, n_triggers, trigger_room, (Trigger){p->triggers[k], (i32)held})) return 0;
    if (w->hit_room < n_hits + p->rules && !more_hits(w, n_hits + p->rules)) return 0;
    const u64 *on = made ? p->makes_good + made * words : p->in_time + held * words;
    for (i64 word = 0; word < words; word++) {
      u64 rules = p->wanted[types * words + word] & w->applies[word] & on[word];
      for (rules = sieved(v, p->event_columns, e, word, rules); rules; rules &= rules - 1) {
        i64 r = 64 * word + __builtin_ctzll(rules), left = w->rules[r].condition;
        if (left >= 0) {
          if (!tested) { test(&p->event_tests, p->event_columns, e, bits); tested = 1; }
          if (!holds(&p->event_tests, left, bits)) continue;
        }
        count_event(p, w, r, e, held, made, recorded, n_hits++);
      }
    }
  }
  return 1;
}

/* Whether the event of a hit of the cell's rule belongs to the cell; `timely` tells whether in time. */
static inline int belongs(const Plan *p, const Cell *c, const Hit *h, int *timely) {
  if (c->slot >= 0) { *timely = h->timely; return h->slot == c->slot; }
  u32 made = code(&p->makes_up, h->event);
  if (made) { *timely = 0; return p->made_start[made] == c->start && p->made_end[made] == c->end; }
  i32 held = p->days[code(&p->held, h->event)];
  *timely = p->days[code(&p->recorded, h->event)] <= c->deadline;
  return c->start <= held && held <= c->end;
}

static int by_number(const void *a, const void *b) {
  i32 x = *(const i32 *)a, y = *(const i32 *)b;
  return (x > y) - (x < y);
}

#define FEW 24                                                   /* up to here moving numbers aside beats qsort */

static i64 distinct(Work *w) {
  i64 n = 0;
  if (w->n_tokens > FEW) qsort(w->tokens, (size_t)w->n_tokens, sizeof *w->tokens, by_number);
  else
    for (i64 k = 1, j; k < w->n_tokens; k++) {
      i32 one = w->tokens[k];
      for (j = k; j > 0 && w->tokens[j - 1] > one; j--) w->tokens[j] = w->tokens[j - 1];
      w->tokens[j] = one;
    }
  for (i64 k = 0; k < w->n_tokens; k++) n += !k || w->tokens[k] != w->tokens[k - 1];
  return n;
}

static int gather(const Plan *p, Work *w, const Cell *c, int only_timely, big *found) {
  w->n_tokens = 0;
  for (i64 k = w->head[c->rule]; k >= 0; k = w->hits[k].next) {
    const Hit *h = &w->hits[k]; int timely;
    if (!belongs(p, c, h, &timely) || (only_timely && !timely)) continue;
    if (p->measure[c->rule] == PEOPLE) {
      i32 one = (i32)code(&p->person, h->event);
      if (one && !ADD(w, tokens, n_tokens, token_room, one)) return 0;
      continue;
    }
    u32 set = code(&p->topics, h->event);
    for (i64 t = p->topic_of[set]; t < p->topic_of[set + 1]; t++)
      if (!ADD(w, tokens, n_tokens, token_room, p->topic[t])) return 0;
  }
  *found = distinct(w);
  return 1;
}

static int measured(const Plan *p, Work *w, Cell *c) {
  if (c->slot >= 0 && p->measure[c->rule] == TOPICS && p->topic_bits) {
    c->timely = __builtin_popcountll((u64)w->timely[c->slot]); c->total = __builtin_popcountll((u64)w->total[c->slot]);
    return 1;
  }
  if (p->measure[c->rule] > AMOUNT) return gather(p, w, c, 1, &c->timely) && gather(p, w, c, 0, &c->total);
  if (c->slot >= 0) { c->timely = w->timely[c->slot]; c->total = w->total[c->slot]; return 1; }
  for (i64 k = w->head[c->rule]; k >= 0; k = w->hits[k].next) {
    int timely;
    if (!belongs(p, c, &w->hits[k], &timely)) continue;
    big amount = p->measure[c->rule] == COUNT ? 1 : p->amounts[c->rule][code(&p->event_columns[p->amount[c->rule]], w->hits[k].event)];
    c->total += amount;
    if (timely) c->timely += amount;
  }
  return 1;
}

/* --- cells ---------------------------------------------------------------------------------------------------- */

static i32 waived(const Plan *p, i64 s, i32 name, i32 day) {
  for (i64 k = p->waiver_of[s]; k < p->waiver_of[s + 1]; k++)
    if (p->waiver_name[k] == name && p->waiver_from[k] <= day && day <= p->waiver_to[k]) return (i32)k;
  return NO_EXCUSE;
}

static inline i32 least(i64 a, i64 b) { return (i32)(a < b ? a : b); }

/* The row that holds on the basis day, if the rule applies to it and the subject existed; else -1. */
static i64 row_on(const Plan *p, const Work *w, i64 s, i32 r, i32 start, i32 end) {
  i32 basis = least(end, p->as_of);
  for (i64 row = p->row_of[s]; row < p->row_of[s + 1]; row++) {
    if (basis < p->valid_from[row] || p->valid_to[row] < basis) continue;
    if (!has(w->row_applies + (row - p->row_of[s]) * p->row_sieve.words, r)) return -1;
    i32 first = start > p->born[row] ? start : p->born[row];
    return first <= least(end, p->gone[row]) ? row : -1;
  }
  return -1;
}

static inline int unmet(const Plan *p, i32 start, i32 deadline) {
  return p->as_of < start ? UPCOMING : p->as_of <= deadline ? OPEN : MISSED;
}

static int judge_cell(const Plan *p, Work *w, i64 s, Cell *c) {
  i32 r = c->rule, last = least(c->end, p->as_of);
  c->excuse = waived(p, s, p->name[r], c->end);
  if (c->excuse == NO_EXCUSE && p->partial[r] && c->start <= last && (p->born[c->row] > c->start || p->gone[c->row] < last))
    c->excuse = PARTIAL;
  if (p->clock[r] == STANDING) {
    const u64 *bits = w->row_bits + (c->row - p->row_of[s]) * p->row_tests.words;
    c->status = c->excuse != NO_EXCUSE ? EXEMPT : holds(&p->row_tests, p->condition[r], bits) ? MET : MISSED;
    return 1;
  }
  if (!measured(p, w, c)) return 0;
  c->need_code = p->basis[r] < 0 ? 0 : (i32)code(&p->row_columns[p->basis[r]], c->row);
  if (c->excuse == NO_EXCUSE && p->basis[r] >= 0 && !c->need_code) c->excuse = NO_BASIS;
  big need = p->basis[r] < 0 ? p->need[r] : p->needs[r][c->need_code];
  c->status = c->excuse != NO_EXCUSE ? EXEMPT : c->timely >= need ? MET : c->total >= need ? LATE
            : unmet(p, c->start, c->deadline);
  return 1;
}

static int add_cell(const Plan *p, Work *w, i64 s, Cell c) {
  if ((c.row = row_on(p, w, s, c.rule, c.start, c.end)) < 0) return 1;
  return ADD(w, cells, n_cells, cell_room, c);
}

/* The periods of one code of a date or day. Two triggers that give the same period give one cell. */
static int add_own(const Plan *p, Work *w, i64 s, i32 r, u32 at, i64 first, i64 row) {
  for (i64 k = p->own_of[r][at]; k < p->own_of[r][at + 1]; k++) {
    const i32 *own = p->own[r] + 4 * k; i64 same = first;
    while (same < w->n_cells && !(w->cells[same].start == own[0] && w->cells[same].end == own[1])) same++;
    if (same < w->n_cells) { w->cells[same].provisional |= own[3]; continue; }
    i64 before = w->n_cells;
    if (!add_cell(p, w, s, (Cell){.rule = r, .start = own[0], .end = own[1], .deadline = own[2], .slot = -1, .provisional = own[3]})) return 0;
    if (row >= 0 && w->n_cells > before && w->cells[before].row != row) w->n_cells = before; /* the date came from another row */
  }
  return 1;
}

static int cells_of_rule(const Plan *p, Work *w, i64 s, i32 r) {
  i64 first = w->n_cells;
  if (!has(w->applies, r)) return 1;
  switch (p->clock[r]) {
    case DATED:
      for (i64 row = p->row_of[s]; row < p->row_of[s + 1]; row++)
        if (!add_own(p, w, s, r, code(&p->row_columns[p->date[r]], row), w->n_cells, row)) return 0;
      return 1;
    case TRIGGERED:
      for (i64 k = 0; k < w->n_triggers; k++)
        if (w->triggers[k].rule == r && !add_own(p, w, s, r, (u32)w->triggers[k].day, first, -1)) return 0;
      return 1;
    default:
      for (i32 slot = p->base[r]; slot < p->base[r] + p->n_slots[r]; slot++)
        if (!add_cell(p, w, s, (Cell){.rule = r, .start = p->start[slot], .end = p->end[slot], .deadline = p->deadline[slot], .slot = slot})) return 0;
      return 1;
  }
}

static inline int in_order(const Cell *a, const Cell *b, int by_end) {
  i32 x = by_end ? a->end : a->start, y = by_end ? b->end : b->start, x2 = by_end ? a->start : a->end, y2 = by_end ? b->start : b->end;
  return x < y || (x == y && x2 <= y2);
}

/* Insertion sort: few cells, nearly always in order. */
static void sort_cells(Cell *cells, i64 n, int by_end) {
  for (i64 i = 1; i < n; i++) {
    if (in_order(&cells[i - 1], &cells[i], by_end)) continue;
    Cell c = cells[i]; i64 j = i;
    for (; j > 0 && !in_order(&cells[j - 1], &c, by_end); j--) cells[j] = cells[j - 1];
    cells[j] = c;
  }
}

/* --- what is handed back --------------------------------------------------------------------------------------- */

static int compare(const u8 *a, i64 m, const u8 *b, i64 n) {
  int order = memcmp(a, b, (size_t)(m < n ? m : n));
  return order ? order : (m > n) - (m < n);
}

static int id_order(const Plan *p, i64 a, i64 b) {
  i64 x = p->id_row ? p->id_row[a] : a, y = p->id_row ? p->id_row[b] : b;
  return compare(p->id_bytes + p->id_at[x], p->id_at[x + 1] - p->id_at[x], p->id_bytes + p->id_at[y], p->id_at[y + 1] - p->id_at[y]);
}

static int give_evidence(const Plan *p, const Work *w, const Cell *c, Out *out) {
  i64 first = out->evidence_used;
  for (i64 k = w->head[c->rule]; k >= 0; k = w->hits[k].next) {
    int timely;
    if (!belongs(p, c, &w->hits[k], &timely)) continue;
    if (out->evidence_used >= out->evidence_room) return 0;
    i64 e = w->hits[k].event, at = out->evidence_used++;
    u32 day = code(&p->held, e);
    for (; at > first; at--) {
      i64 other = out->evidence[at - 1]; u32 then = code(&p->held, other);
      if (then < day || (then == day && id_order(p, other, e) <= 0)) break;
      out->evidence[at] = other;
    }
    out->evidence[at] = e;
  }
  return 1;
}

static int give_verdict(const Plan *p, const Work *w, i64 s, const Cell *c, Out *out) {
  if (out->used >= out->room) return 0;
  if (p->clock[c->rule] != STANDING && !give_evidence(p, w, c, out)) return 0;
  i64 at = out->used++;
  out->subject[at] = (i32)s; out->rule[at] = c->rule; out->slot[at] = c->slot; out->start[at] = c->start; out->end[at] = c->end;
  out->deadline[at] = c->deadline; out->excuse[at] = c->excuse; out->need_code[at] = c->need_code;
  out->status[at] = (u8)c->status; out->provisional[at] = (u8)c->provisional;
  out->timely[at] = c->timely; out->total[at] = c->total; out->evidence_end[at] = out->evidence_used;
  return 1;
}

/* The missed cells in a row that end at the latest concluded one; cells come by last day. */
static i32 last_run(const Work *w, i32 *since) {
  i32 run = 0;
  for (i64 k = w->n_cells - 1; k >= 0; k--) {
    int status = w->cells[k].status;
    if (status > MISSED) continue;
    if (status != MISSED) break;
    run++; *since = w->cells[k].start;
  }
  return run;
}

static int give_run(i64 s, i32 group, i32 run, i32 since, Out *out) {
  if (out->runs_used >= out->runs_room) return 0;
  i64 at = out->runs_used++;
  out->run_subject[at] = (i32)s; out->run_group[at] = group; out->run[at] = run; out->since[at] = since;
  return 1;
}

static int count(u64 *word, int status) {
  if ((*word >> (LANE * status) & LANE_MAX) == LANE_MAX) return 0;
  *word += 1ull << (LANE * status);
  return 1;
}

/* --- most cells: a fixed clock, one row of history that holds all the time, no waiver ------------------------------ */

/* Whether the cells of a rule that applies can do without sorting and looking for rows. The subject has one row, no waiver. */
static inline int steady(const Plan *p, const Work *w, i64 row, i32 r) {
  const Wanted *one = &w->rules[r];
  if (!one->steady || p->valid_from[row] > one->first || p->born[row] > one->first) return 0;
  if (p->valid_from[row] > p->as_of || p->gone[row] < one->last || p->valid_to[row] < one->last) return 0;
  return p->basis[r] < 0 || code(&p->row_columns[p->basis[r]], row);
}

static i64 judge_steady(const Plan *p, Work *w, i64 s, i32 group, Out *out, u64 *counts) {
  i32 r = p->rule_of[group], run = 0, since = 0; i64 row = p->row_of[s]; u64 word = 0;
  i32 need_code = p->basis[r] < 0 ? 0 : (i32)code(&p->row_columns[p->basis[r]], row);
  big need = p->basis[r] < 0 ? p->need[r] : p->needs[r][need_code];
  for (i32 slot = p->base[r]; slot < p->base[r] + p->n_slots[r]; slot++) {
    big timely = w->timely[slot], total = w->total[slot];
    if (p->measure[r] == TOPICS) { timely = __builtin_popcountll((u64)timely); total = __builtin_popcountll((u64)total); }
    int status = timely >= need ? MET : total >= need ? LATE : w->unmet[slot];
    word += 1ull << (LANE * status);
    if (status == MISSED) { if (!run++) since = p->start[slot]; } else if (status < MISSED) run = 0;
    if (p->keep >> status & 1) {
      Cell c = {.rule = r, .start = p->start[slot], .end = p->end[slot], .deadline = p->deadline[slot], .slot = slot,
                .excuse = NO_EXCUSE, .need_code = need_code, .row = row, .timely = timely, .total = total, .status = status};
      if (!give_verdict(p, w, s, &c, out)) return FULL;
    }
  }
  if (counts) counts[r] = word;
  return run && !give_run(s, group, run, since, out) ? FULL : 0;
}

/* Which rules apply to the rows of a subject's history. */
static int read_rows(const Plan *p, Work *w, i64 s) {
  const Sieve *v = &p->row_sieve; const Tests *t = &p->row_tests;
  i64 first = p->row_of[s], rows = p->row_of[s + 1] - first;
  if (rows > w->row_room) {
    u64 *applies = realloc(w->row_applies, (size_t)(2 * rows * v->words) * sizeof *applies);
    if (applies) w->row_applies = applies;
    u64 *bits = realloc(w->row_bits, (size_t)(2 * rows * t->words) * sizeof *bits);
    if (bits) w->row_bits = bits;
    if (!applies || !bits) return 0;
    w->row_room = 2 * rows;
  }
  memset(w->applies, 0, (size_t)v->words * sizeof *w->applies);
  for (i64 row = 0; row < rows; row++) {
    u64 *bits = w->row_bits + row * t->words, *applies = w->row_applies + row * v->words;
    if (t->count) test(t, p->row_columns, first + row, bits);
    for (i64 word = 0; word < v->words; word++) {
      i64 own = p->rules - 64 * word;                             /* rules of this word */
      u64 rules = sieved(v, p->row_columns, first + row, word, own < 64 ? (1ull << own) - 1 : ~0ull);
      for (u64 ask = rules & w->asked[word]; ask; ask &= ask - 1)
        if (!holds(t, v->left[64 * word + __builtin_ctzll(ask)], bits)) rules &= ~(ask & -ask);
      applies[word] = rules;
      w->applies[word] |= rules;
    }
  }
  return 1;
}

/* The sums and the hits of the rules that apply to the subject. */
static void clear(const Plan *p, Work *w) {
  for (i64 word = 0; word < p->row_sieve.words; word++)
    for (u64 rules = w->applies[word]; rules; rules &= rules - 1) {
      i64 r = 64 * word + __builtin_ctzll(rules);
      w->head[r] = -1;
      memset(w->timely + p->base[r], 0, (size_t)p->n_slots[r] * sizeof(big));
      memset(w->total + p->base[r], 0, (size_t)p->n_slots[r] * sizeof(big));
    }
}

static i64 judge_subject(const Plan *p, Work *w, i64 s, Out *out, u64 *counts) {
  i64 problem;
  if (!read_rows(p, w, s)) return NO_MEMORY;
  int one_row = p->row_of[s + 1] == p->row_of[s] + 1 && p->waiver_of[s + 1] == p->waiver_of[s];
  clear(p, w);
  if (!read_events(p, w, s)) return NO_MEMORY;
  for (i32 group = 0; group < p->groups; group++) {
    i32 first = p->rule_of[group], only = p->rule_of[group + 1] == first + 1;
    if (only && !has(w->applies, first)) continue;
    if (only && one_row && steady(p, w, p->row_of[s], first)) {
      if ((problem = judge_steady(p, w, s, group, out, counts))) return problem;
      continue;
    }
    w->n_cells = 0;
    for (i32 r = first; r < p->rule_of[group + 1]; r++)
      if (!cells_of_rule(p, w, s, r)) return NO_MEMORY;
    if (!w->n_cells) continue;
    sort_cells(w->cells, w->n_cells, 0);
    for (i64 k = 0; k < w->n_cells; k++) {
      Cell *c = &w->cells[k];
      if (!judge_cell(p, w, s, c)) return NO_MEMORY;
      if (counts && !count(&counts[c->rule], c->status)) return TOO_MANY;
      if (p->keep >> c->status & 1 && !give_verdict(p, w, s, c, out)) return FULL;
    }
    sort_cells(w->cells, w->n_cells, 1);
    i32 since = 0, run = last_run(w, &since);
    if (run && !give_run(s, group, run, since, out)) return FULL;
  }
  return 0;
}

static int made_ready(const Plan *p, Work *w) {
  w->rules = calloc((size_t)p->rules + 1, sizeof *w->rules);
  w->applies = malloc((size_t)(p->row_sieve.words + 1) * sizeof *w->applies);
  w->asked = calloc((size_t)p->row_sieve.words + 1, sizeof *w->asked);
  w->timely = malloc((size_t)(p->slots + 1) * sizeof *w->timely);
  w->total = malloc((size_t)(p->slots + 1) * sizeof *w->total);
  w->head = malloc((size_t)(p->rules + 1) * sizeof *w->head);
  w->unmet = malloc((size_t)p->slots + 1);
  if (!w->rules || !w->applies || !w->asked || !w->timely || !w->total || !w->head || !w->unmet) return 0;
  for (i64 slot = 0; slot < p->slots; slot++) w->unmet[slot] = (u8)unmet(p, p->start[slot], p->deadline[slot]);
  for (i64 r = 0; r < p->rules; r++) {
    Wanted *one = &w->rules[r];
    one->base = p->base[r]; one->measure = p->measure[r]; one->condition = p->event_sieve.left[r];
    if (p->clock[r] == FIXED) { one->slot_of = p->slot_of[r]; one->made_slot = p->made_slot[r]; }
    one->steady = p->clock[r] == FIXED && p->n_slots[r] && p->n_slots[r] <= LANE_MAX &&
                  (p->measure[r] <= AMOUNT || (p->measure[r] == TOPICS && p->topic_bits));
    if (one->steady) { one->first = p->start[p->base[r]]; one->last = p->end[p->base[r] + p->n_slots[r] - 1]; } /* one behind the other */
    if (p->row_sieve.left[r] >= 0) w->asked[r >> 6] |= 1ull << (r & 63);
  }
  return 1;
}

/* --- over all organisations: sums for scores, sums of subtrees ---------------------------------------------------- */

/* Σ points and Σ max points of each dimension: worth[dimension][rule] = (met, late, missed), zeros where it has no part. */
void weigh(i64 n, i64 rules, i64 dimensions, const u64 *counts, const i64 *worth, i64 *points, i64 *most) {
  for (i64 i = 0; i < n; i++)
    for (i64 d = 0; d < dimensions; d++) {
      i64 got = 0, full = 0; const i64 *w = worth + 3 * d * rules; const u64 *row = counts + i * rules;
      for (i64 r = 0; r < rules; r++, w += 3) {
        i64 met = row[r] & LANE_MAX, late = row[r] >> LANE & LANE_MAX, missed = row[r] >> 2 * LANE & LANE_MAX;
        got += met * w[0] + late * w[1] + missed * w[2];
        full += (met + late + missed) * w[0];
      }
      points[i * dimensions + d] = got; most[i * dimensions + d] = full;
    }
}

/* Sums of subtrees. `order`: organisations, deepest first; inner[i]: row of `sums` ([.][groups][6]) of one that has
   organisations under it, else -1; parent -1: none. */
void roll_up(i64 n, i64 rules, i64 groups, const i32 *rule_of, const u64 *counts, const i32 *order, const i32 *parent, const i32 *inner, i64 *sums) {
  for (i64 k = 0; k < n; k++) {
    i32 i = order[k], above = parent[i] < 0 ? -1 : inner[parent[i]];
    i64 *own = inner[i] < 0 ? 0 : sums + (i64)inner[i] * groups * 6, *up = above < 0 ? 0 : sums + (i64)above * groups * 6;
    const u64 *row = counts + (i64)i * rules;
    for (i64 g = 0; g < groups; g++)
      for (i32 r = rule_of[g]; r < rule_of[g + 1]; r++)
        if (row[r])
          for (int status = 0; status < 6; status++) {
            i64 one = row[r] >> (LANE * status) & LANE_MAX;
            if (own) own[g * 6 + status] += one; else if (up) up[g * 6 + status] += one;
          }
    if (own && up) for (i64 x = 0; x < groups * 6; x++) up[x] += own[x];
  }
}

/* Rows of roll-ups of organisations first … last - 1; returns how many. Columns: due, met, late, missed, exempt, open, upcoming. */
i64 rolled(i64 first, i64 last, i64 rules, i64 groups, const i32 *rule_of, const u64 *counts, const i32 *inner, const i64 *sums,
           i32 *subject, i32 *group, i64 *const *columns, double *rate) {
  i64 n = 0;
  for (i64 i = first; i < last; i++)
    for (i64 g = 0; g < groups; g++) {
      i64 six[6] = {0}, all = 0;
      if (inner[i] >= 0) memcpy(six, sums + ((i64)inner[i] * groups + g) * 6, sizeof six);
      else
        for (i32 r = rule_of[g]; r < rule_of[g + 1]; r++)
          for (int status = 0; status < 6; status++) six[status] += counts[i * rules + r] >> (LANE * status) & LANE_MAX;
      for (int status = 0; status < 6; status++) all += six[status];
      if (!all) continue;
      i64 concluded = six[MET] + six[LATE] + six[MISSED];
      subject[n] = (i32)i; group[n] = (i32)g;
      columns[0][n] = all - six[EXEMPT];
      for (int status = 0; status < 6; status++) columns[1 + status][n] = six[status];
      rate[n] = concluded ? (double)(six[MET] + six[LATE]) / (double)concluded : -1;
      n++;
    }
  return n;
}

/* Codes for equal lists: of[n + 1], items; first[c] is the first row with code c (from 0). Returns how many codes, or NO_MEMORY. */
i64 encode_lists(i64 n, const i64 *of, const i32 *items, u32 *codes, i64 *first) {
  i64 found = 0, room = 64;
  i64 *table = malloc((size_t)room * sizeof *table);
  if (!table) return NO_MEMORY;
  for (i64 k = 0; k < room; k++) table[k] = -1;
  for (i64 i = 0; i < n; i++) {
    i64 length = of[i + 1] - of[i];
    u64 hash = 1469598103934665603ull;
    for (i64 k = 0; k < length; k++) hash = (hash ^ (u32)items[of[i] + k]) * 1099511628211ull;
    hash ^= hash >> 29;
    i64 at = (i64)(hash & (u64)(room - 1));
    for (; table[at] >= 0; at = (at + 1) & (room - 1)) {
      i64 other = first[table[at]];
      if (of[other + 1] - of[other] == length && !memcmp(items + of[other], items + of[i], (size_t)length * sizeof *items)) break;
    }
    if (table[at] < 0) { first[found] = i; table[at] = found++; }
    codes[i] = (u32)table[at];
    if (found * 2 < room) continue;
    i64 *wider = malloc((size_t)room * 2 * sizeof *wider);
    if (!wider) { free(table); return NO_MEMORY; }
    room *= 2;
    for (i64 k = 0; k < room; k++) wider[k] = -1;
    for (i64 c = 0; c < found; c++) {
      u64 again = 1469598103934665603ull;
      for (i64 k = of[first[c]]; k < of[first[c] + 1]; k++) again = (again ^ (u32)items[k]) * 1099511628211ull;
      again ^= again >> 29;
      i64 to = (i64)(again & (u64)(room - 1));
      while (wider[to] >= 0) to = (to + 1) & (room - 1);
      wider[to] = c;
    }
    free(table); table = wider;
  }
  free(table);
  return found;
}

/* --- making the store --------------------------------------------------------------------------------------------- */

/* Places of texts among ascending texts, or -1. The next one is tried first: texts mostly come in order. */
void find(i64 n, const i64 *at, const u8 *bytes, i64 known, const i64 *known_at, const u8 *known_bytes, i32 *places) {
  i64 next = 0;
  for (i64 i = 0; i < n; i++) {
    const u8 *text = bytes + at[i]; i64 length = at[i + 1] - at[i], low = 0, high = known;
#define AGAINST(k) compare(known_bytes + known_at[k], known_at[(k) + 1] - known_at[k], text, length)
    if (next < known && !AGAINST(next)) low = high = next;
    while (low < high) {
      i64 k = (low + high) / 2;
      if (AGAINST(k) < 0) low = k + 1; else high = k;
    }
    int same = low < known && !AGAINST(low);
    places[i] = same ? (i32)low : -1;
    if (same) next = low + 1;
  }
}

/* 64 bits of each text; equal texts have equal bits, others hardly ever. */
void hash_texts(i64 n, const i64 *at, const u8 *bytes, u64 *hashes) {
  for (i64 i = 0; i < n; i++) {
    i64 length = at[i + 1] - at[i], k = 0; const u8 *text = bytes + at[i];
    u64 hash = 0x9E3779B97F4A7C15ull ^ (u64)length;
    for (; k + 8 <= length; k += 8) { u64 word; memcpy(&word, text + k, 8); hash = (hash ^ word) * 0xBF58476D1CE4E5B9ull; hash ^= hash >> 29; }
    u64 rest = 0;
    memcpy(&rest, text + k, (size_t)(length - k));
    hash = (hash ^ rest) * 0x94D049BB133111EBull; hash ^= hash >> 31; hash *= 0xBF58476D1CE4E5B9ull;
    hashes[i] = hash ^ hash >> 27;
  }
}

/* The rows whose text does not come behind all before it, and the row of the last text of all. Returns how many, or -1: more than `room`. */
i64 out_of_order(i64 n, const i64 *at, const u8 *bytes, i64 room, i64 *rows, i64 *last) {
  i64 found = 0; *last = 0;
  for (i64 i = 1; i < n; i++) {
    if (compare(bytes + at[*last], at[*last + 1] - at[*last], bytes + at[i], at[i + 1] - at[i]) < 0) { *last = i; continue; }
    if (found == room) return -1;
    rows[found++] = i;
  }
  return found;
}

/* Where each row goes: the next free place of its owner; -1 for rows without. Returns whether they go one behind the other. */
i64 place(i64 n, const i32 *owner, i64 *next, i64 *places) {
  i64 last = -1, in_order = 1;
  for (i64 i = 0; i < n; i++) {
    if (owner[i] < 0) { places[i] = -1; continue; }
    i64 to = places[i] = next[owner[i]]++;
    if (last >= 0 && to != last + 1) in_order = 0;
    last = to;
  }
  return in_order;
}

/* --- one subject before and after a change ------------------------------------------------------------------------ */

static inline int cells_order(const Plan *p, const Out *a, i64 i, const Out *b, i64 j) {
  i32 x = p->name[a->rule[i]], y = p->name[b->rule[j]];             /* ascending, and the same for the versions of a rule */
  if (x != y) return x < y ? -1 : 1;
  if (a->start[i] != b->start[j]) return a->start[i] < b->start[j] ? -1 : 1;
  return (a->end[i] > b->end[j]) - (a->end[i] < b->end[j]);
}

static inline int same_cell(const Out *a, i64 i, const i64 *marks, const Out *b, i64 j, const i64 *other_marks, i64 anew) {
  if (a->rule[i] != b->rule[j] || a->status[i] != b->status[j] || a->excuse[i] != b->excuse[j] || (anew && a->excuse[i] >= 0)) return 0;
  if (a->need_code[i] != b->need_code[j] || a->provisional[i] != b->provisional[j]) return 0;
  if (a->timely[i] != b->timely[j] || a->total[i] != b->total[j]) return 0;
  i64 k = i ? a->evidence_end[i - 1] : 0, l = j ? b->evidence_end[j - 1] : 0, n = a->evidence_end[i] - k;
  if (n != b->evidence_end[j] - l) return 0;
  for (; n; n--) if (marks[a->evidence[k++]] != other_marks[b->evidence[l++]]) return 0;
  return 1;
}

/* The verdicts of one subject, all handed back, that are not the same in `a` and `b`: their places in both, and how many.
   `marks` tell events apart. `anew`: waivers may have changed, so their numbers tell nothing. */
void differing(const Plan *p, const Out *a, const i64 *marks, const Out *b, const i64 *other_marks, i64 anew, i32 *gone, i32 *come, i64 *many) {
  i64 i = 0, j = 0;
  many[0] = many[1] = 0;
  while (i < a->used || j < b->used) {
    int order = i == a->used ? 1 : j == b->used ? -1 : cells_order(p, a, i, b, j);
    if (order || !same_cell(a, i, marks, b, j, other_marks, anew)) {
      if (order <= 0) gone[many[0]++] = (i32)i;
      if (order >= 0) come[many[1]++] = (i32)j;
    }
    i += order <= 0; j += order >= 0;
  }
}

i64 source(void) { return SOURCE; }

/* Judges subjects first … last - 1. 0; or NO_MEMORY; or FULL: give more room; or TOO_MANY cells for a word of counts. */
i64 judge(const Plan *p, i64 first, i64 last, Out *out) {
  Work w = {0};
  i64 problem = made_ready(p, &w) ? 0 : NO_MEMORY;
  out->used = out->evidence_used = out->runs_used = 0;
  for (i64 s = first; s < last && !problem; s++)
    problem = judge_subject(p, &w, s, out, out->counts ? out->counts + (s - first) * p->rules : 0);
  free(w.rules); free(w.applies); free(w.asked); free(w.timely); free(w.total); free(w.head); free(w.unmet);
  free(w.row_applies); free(w.row_bits); free(w.hits); free(w.cells); free(w.triggers); free(w.tokens);
  return problem;
}
