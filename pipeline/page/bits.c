#include "pixels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// A plane is a picture of 1 bit with white around it: words to the right of each row, rows above and below. So a
// shift of all of it takes nothing from one row into another and asks nowhere where the edge is.
struct plane {
    int wpl;     // words a row, those to the right included
    int margin;  // rows above the picture; twice as many lie below
    size_t size; // words that are written: the rows of the picture and margin rows below
    uint32_t *memory, *bits, *spare;
};

static uint32_t last_word(const PIX *p) { return ~(uint32_t)0 << (31 - (p->w - 1) % 32); }

// spread lays a picture out for shifts of less than across pixels and down rows.
static int spread(struct plane *p, const PIX *from, int across, int down)
{
    p->wpl = from->wpl + across / 32 + 2;
    p->margin = down + 1;
    p->size = (size_t)p->wpl * (from->h + p->margin);
    size_t whole = p->size + 2 * (size_t)p->wpl * p->margin;
    p->memory = calloc(2 * whole, sizeof(uint32_t));
    if (!p->memory)
        return 0;
    p->bits = p->memory + (size_t)p->wpl * p->margin;
    p->spare = p->bits + whole;
    for (int y = 0; y < (int)from->h; y++) {
        uint32_t *row = p->bits + (size_t)y * p->wpl;
        memcpy(row, from->data + (size_t)y * from->wpl, sizeof(uint32_t) * from->wpl);
        row[from->wpl - 1] &= last_word(from);
    }
    return 1;
}

static void gather(PIX *to, const struct plane *p)
{
    for (int y = 0; y < (int)to->h; y++) {
        uint32_t *row = to->data + (size_t)y * to->wpl;
        memcpy(row, p->bits + (size_t)y * p->wpl, sizeof(uint32_t) * to->wpl);
        row[to->wpl - 1] &= last_word(to);
    }
}

WIDE static void unite(uint32_t *restrict to, const uint32_t *restrict from, ptrdiff_t by, int left, size_t size)
{
    for (size_t i = 0; i < size; i++)
        to[i] = from[i] | from[by + i] << left | from[by + i + 1] >> 1 >> (31 - left);
}

WIDE static void meet(uint32_t *restrict to, const uint32_t *restrict from, ptrdiff_t by, int left, size_t size)
{
    for (size_t i = 0; i < size; i++)
        to[i] = from[i] & (from[by + i] << left | from[by + i + 1] >> 1 >> (31 - left));
}

// A place is that of one pixel seen from another.
struct place { int x, y; };

// apart splits the way to a place into words and the bits that are left.
static ptrdiff_t apart(const struct plane *p, struct place to, int *left)
{
    ptrdiff_t bits = ((ptrdiff_t)to.y * p->wpl) * 32 + to.x;
    *left = bits & 31;
    return (bits - *left) / 32;
}

// run makes black what has black with others: at one of n places in a row, itself the first of them, or at all.
static void run(struct plane *p, int n, struct place next, void (*with)(uint32_t *, const uint32_t *, ptrdiff_t, int, size_t))
{
    for (int have = 1, more; have < n; have += more) {
        more = have < n - have ? have : n - have;
        int left;
        ptrdiff_t by = apart(p, (struct place){next.x * more, next.y * more}, &left);
        with(p->spare, p->bits, by, left, p->size);
        uint32_t *t = p->bits;
        p->bits = p->spare;
        p->spare = t;
    }
}

// grow makes a brick of each pixel; shrink keeps those that a brick of black begins at.
static void grow(struct plane *p, int across, int down)
{
    run(p, across, (struct place){-1, 0}, unite);
    run(p, down, (struct place){0, -1}, unite);
}

static void shrink(struct plane *p, int across, int down)
{
    run(p, across, (struct place){1, 0}, meet);
    run(p, down, (struct place){0, 1}, meet);
}

static int both(PIX *to, const PIX *from, int across, int down, void (*first)(struct plane *, int, int), void (*then)(struct plane *, int, int))
{
    struct plane p = {0};
    int done = spread(&p, from, across, down);
    if (done) {
        first(&p, across, down);
        then(&p, across, down);
        gather(to, &p);
    }
    free(p.memory);
    return done;
}

int pixels_open(PIX *to, const PIX *from, int across, int down) { return both(to, from, across, down, shrink, grow); }

int pixels_close(PIX *to, const PIX *from, int across, int down) { return both(to, from, across, down, grow, shrink); }

// A corner is where a stroke rises from a row of letters that were joined: black up the stroke and along the
// row, white between them. Seen from one of the white pixels; mirrored it is one that descends, or opens to the left.
static const struct place black[] = {{-3, -1}, {-3, 0}, {-3, 1}, {-3, 2}, {-3, 3}, {-2, 3}, {-1, 3}, {0, 3}, {1, 3}, {2, 3}};
static const struct place white[] = {{0, -1}, {1, -1}, {-1, 0}, {0, 0}, {1, 0}, {0, 1}};

WIDE static void only(uint32_t *restrict at, const uint32_t *restrict from, ptrdiff_t by, int left, uint32_t flip, size_t size)
{
    for (size_t i = 0; i < size; i++)
        at[i] &= (from[by + i] << left | from[by + i + 1] >> 1 >> (31 - left)) ^ flip;
}

static void corners(struct plane *p, int right, int up)
{
    int left;
    memset(p->spare, 255, sizeof(uint32_t) * p->size);
    for (size_t i = 0; i < sizeof black / sizeof *black; i++) {
        ptrdiff_t by = apart(p, (struct place){right * black[i].x, up * black[i].y}, &left);
        only(p->spare, p->bits, by, left, 0, p->size);
    }
    for (size_t i = 0; i < sizeof white / sizeof *white; i++) {
        ptrdiff_t by = apart(p, (struct place){right * white[i].x, up * white[i].y}, &left);
        only(p->spare, p->bits, by, left, ~(uint32_t)0, p->size);
    }
}

// squares counts the squares of 4 x 4 pixels in which there is a corner.
static int64_t squares(struct plane *p, int up, int height, uint32_t *here)
{
    int64_t n = 0;
    for (int right = -1; right <= 1; right += 2) {
        corners(p, right, up);
        for (int y = 0; y < height; y++)
            for (int i = 0; i < p->wpl; i++)
                here[(size_t)(y / 4) * p->wpl + i] |= p->spare[(size_t)y * p->wpl + i];
    }
    for (size_t i = 0; i < (size_t)p->wpl * ((height + 3) / 4); i++) {
        uint32_t v = here[i] | here[i] >> 1;
        n += __builtin_popcount((v | v >> 2) & 0x11111111);
    }
    return n;
}

int pixels_rising(const PIX *from, int64_t *ascending, int64_t *descending)
{
    struct plane p = {0};
    int done = spread(&p, from, 32, 8);
    size_t rows = (from->h + 3) / 4;
    uint32_t *here = calloc(2 * rows * p.wpl, sizeof(uint32_t));
    if (done && here) {
        grow(&p, 1, 8);
        shrink(&p, 1, 8);
        grow(&p, 30, 1);
        shrink(&p, 30, 1);
        *ascending = squares(&p, 1, from->h, here);
        *descending = squares(&p, -1, from->h, here + rows * p.wpl);
    }
    free(p.memory);
    free(here);
    return done && here;
}
