#include "pixels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

// A cover says of each pixel of a shorter row which of a longer one it covers: taps of them from first on,
// each by its weight, 256 together. Taps are a multiple of four.
struct cover {
    int taps;
    int *first;
    int16_t *weight;
};

static int cover(struct cover *c, int less, int more)
{
    double step = (double)more / less;
    c->taps = ((int)ceil(step) + 1 + 3) / 4 * 4;
    c->first = malloc(sizeof(int) * less);
    c->weight = calloc((size_t)less * c->taps, sizeof(int16_t));
    if (!c->first || !c->weight)
        return 0;
    for (int i = 0; i < less; i++) {
        double from = i * step, to = (i + 1) * step;
        int first = (int)from, sum = 0;
        if (first > more - c->taps)
            first = more > c->taps ? more - c->taps : 0;
        c->first[i] = first;
        for (int k = 0; k < c->taps; k++) {
            double covered = (fmin(to, first + k + 1) - from) / step;
            int upTo = (int)lround(256 * fmax(0, fmin(1, covered)));
            c->weight[i * c->taps + k] = upTo - sum;
            sum = upTo;
        }
    }
    return 1;
}

static void forget(struct cover *c)
{
    free(c->first);
    free(c->weight);
}

// add adds a row, each pixel times weight.
WIDE static void add(uint16_t *restrict sums, const uint8_t *restrict row, uint16_t weight, int width)
{
    for (int x = 0; x < width; x++)
        sums[x] += weight * row[x];
}

#ifdef __SSE2__
// Sums are taken as signed, 32768 less than they are, so that two may be multiplied and added at a time.
#define SIGN _mm_set1_epi16(-32768)
#define HALF _mm_set1_epi32((1 << 15) + (1 << 15) * 256)

static __m128i two(const void *at, const void *next)
{
    return _mm_unpacklo_epi64(_mm_loadl_epi64(at), _mm_loadl_epi64(next));
}

// across makes a row of the smaller picture.
static void across(uint8_t *restrict row, const uint16_t *restrict sums, const struct cover *c, int width)
{
    int taps = c->taps;
    for (int x = 0; x < width; x += 2) {
        int other = x + 1 < width ? x + 1 : x;
        __m128i sum = _mm_setzero_si128();
        for (int k = 0; k < taps; k += 4)
            sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_xor_si128(two(sums + c->first[x] + k, sums + c->first[other] + k), SIGN),
                                                    two(c->weight + (size_t)x * taps + k, c->weight + (size_t)other * taps + k)));
        sum = _mm_srli_epi32(_mm_add_epi32(_mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1)), HALF), 16);
        row[x] = _mm_cvtsi128_si32(sum);
        row[other] = _mm_extract_epi16(sum, 4);
    }
}

// across_colours does so with four bytes a pixel.
static void across_colours(uint32_t *restrict row, const uint16_t *restrict sums, const struct cover *c, int width)
{
    int taps = c->taps;
    const int16_t *weight = c->weight;
    for (int x = 0; x < width; x++) {
        const uint16_t *from = sums + 4 * c->first[x];
        __m128i sum = HALF;
        for (int k = 0; k < taps; k += 2, from += 8, weight += 2) {
            __m128i pair = _mm_xor_si128(_mm_loadu_si128((const __m128i *)from), SIGN);
            __m128i by = _mm_set1_epi32((uint16_t)weight[0] | weight[1] << 16);
            sum = _mm_add_epi32(sum, _mm_madd_epi16(_mm_unpacklo_epi16(pair, _mm_srli_si128(pair, 8)), by));
        }
        sum = _mm_srli_epi32(sum, 16);
        sum = _mm_packs_epi32(sum, sum);
        row[x] = _mm_cvtsi128_si32(_mm_packus_epi16(sum, sum));
    }
}
#else
static void across(uint8_t *restrict row, const uint16_t *restrict sums, const struct cover *c, int width)
{
    const int16_t *weight = c->weight;
    for (int x = 0; x < width; x++) {
        uint32_t sum = 1 << 15;
        for (int k = 0; k < c->taps; k++)
            sum += (uint32_t)sums[c->first[x] + k] * *weight++;
        row[x] = sum >> 16;
    }
}

static void across_colours(uint32_t *restrict row, const uint16_t *restrict sums, const struct cover *c, int width)
{
    uint8_t *bytes = (uint8_t *)row;
    for (int i = 0; i < 4 * width; i++) {
        uint32_t sum = 1 << 15;
        for (int k = 0; k < c->taps; k++)
            sum += (uint32_t)sums[4 * (c->first[i / 4] + k) + i % 4] * c->weight[i / 4 * c->taps + k];
        bytes[i] = sum >> 16;
    }
}
#endif

int pixels_shrink(PIX *small, const PIX *large)
{
    struct cover wide = {0}, high = {0};
    int bytes = large->d / 8, width = large->w * bytes, done = 0;
    uint32_t *row = malloc(4 * (size_t)large->wpl);
    uint16_t *sums = NULL;
    if (row && cover(&wide, small->w, large->w) && cover(&high, small->h, large->h) && (sums = calloc(width + bytes * wide.taps, sizeof(uint16_t)))) {
        for (int y = 0; y < (int)small->h; y++) {
            uint32_t *to = small->data + (size_t)y * small->wpl;
            memset(sums, 0, sizeof(uint16_t) * width);
            for (int k = 0; k < high.taps; k++) {
                int16_t weight = high.weight[y * high.taps + k];
                const uint32_t *from = large->data + (size_t)(high.first[y] + k) * large->wpl;
                if (!weight)
                    continue;
                if (bytes == 1)
                    pixels_swap(row, from, large->wpl);
                add(sums, (const uint8_t *)(bytes == 1 ? row : from), weight, width);
            }
            if (bytes == 1) {
                across((uint8_t *)to, sums, &wide, small->w);
                pixels_swap(to, to, small->wpl);
            } else {
                across_colours(to, sums, &wide, small->w);
            }
        }
        done = 1;
    }
    forget(&wide);
    forget(&high);
    free(row);
    free(sums);
    return done;
}

// pairs adds each pixel of a word to its neighbour: the sums lie in its halves.
static uint32_t pairs(uint32_t word) { return (word & 0x00ff00ff) + (word >> 8 & 0x00ff00ff); }

// fours returns in the upper half of a word the two pixels that are each a quarter of four.
static uint32_t fours(uint32_t above, uint32_t below)
{
    uint32_t mean = (pairs(above) + pairs(below)) >> 2;
    return (mean & 0xff0000) << 8 | (mean & 0xff) << 16;
}

WIDE static void means(uint32_t *restrict half, const uint32_t *restrict above, const uint32_t *restrict below, int words)
{
    for (int i = 0; i < words; i++)
        half[i] = fours(above[2 * i], below[2 * i]) | fours(above[2 * i + 1], below[2 * i + 1]) >> 16;
}

void pixels_halve(PIX *half, const PIX *grey)
{
    int words = grey->wpl / 2;
    for (int y = 0; y < (int)half->h; y++) {
        const uint32_t *above = grey->data + 2 * (size_t)y * grey->wpl, *below = above + grey->wpl;
        uint32_t *to = half->data + (size_t)y * half->wpl;
        means(to, above, below, words);
        if (words < (int)half->wpl)
            to[words] = fours(above[2 * words], below[2 * words]);
    }
}
