// The row filters of PNG (ISO/IEC 15948, 9.2).
#include "pixels.h"

#include <stdlib.h>
#include <string.h>

enum { NONE, SUB, UP, AVERAGE, PAETH, FILTERS };

static inline uint8_t paeth(int left, int up, int corner)
{
    int a = abs(up - corner), b = abs(left - corner), c = abs(left + up - 2 * corner);
    return a <= b && a <= c ? left : b <= c ? up : corner;
}

static inline uint8_t predicted(int filter, uint8_t left, uint8_t up, uint8_t corner)
{
    switch (filter) {
    case SUB: return left;
    case UP: return up;
    case AVERAGE: return (left + up) / 2;
    case PAETH: return paeth(left, up, corner);
    }
    return 0;
}

// The filter is known where this is compiled, so each becomes a loop of its own.
static inline __attribute__((always_inline)) long differences(uint8_t *restrict to, const uint8_t *row, const uint8_t *above, int n, int bpp, int filter)
{
    long sum = 0;
    *to++ = filter;
    for (int i = 0; i < n; i++) {
        uint8_t d = row[i] - predicted(filter, row[i - bpp], above[i], above[i - bpp]);
        to[i] = d;
        sum += abs((int8_t)d);
    }
    return sum;
}

WIDE int pixels_predict(uint8_t *to, const uint8_t *row, const uint8_t *above, int n, int bpp)
{
    size_t size = (size_t)n + 1;
    long sums[FILTERS] = {
        differences(to, row, above, n, bpp, NONE),
        differences(to + size, row, above, n, bpp, SUB),
        differences(to + UP * size, row, above, n, bpp, UP),
        differences(to + AVERAGE * size, row, above, n, bpp, AVERAGE),
        differences(to + PAETH * size, row, above, n, bpp, PAETH),
    };
    int best = SUB; // a small sum of the samples themselves says nothing of how they pack
    for (int filter = UP; filter < FILTERS; filter++)
        if (sums[filter] < sums[best])
            best = filter;
    return best;
}

static inline __attribute__((always_inline)) void undone(uint8_t *row, const uint8_t *above, int n, int bpp, int filter)
{
    uint8_t left[8] = {0}, corner[8] = {0};
    for (int i = 0; i < n; i += bpp)
        for (int c = 0; c < bpp && i + c < n; c++) {
            left[c] = row[i + c] += predicted(filter, left[c], above[i + c], corner[c]);
            corner[c] = above[i + c];
        }
}

static inline __attribute__((always_inline)) void undo(uint8_t *row, const uint8_t *above, int n, int bpp, int filter)
{
    switch (filter) {
    case SUB: undone(row, above, n, bpp, SUB); break;
    case UP: undone(row, above, n, bpp, UP); break;
    case AVERAGE: undone(row, above, n, bpp, AVERAGE); break;
    case PAETH: undone(row, above, n, bpp, PAETH); break;
    }
}

int pixels_unpredict(uint8_t *rows, int n, int height, int bpp)
{
    uint8_t *none = calloc(n, 1);
    const uint8_t *above = none;
    int y = none ? 0 : -1;
    for (; y >= 0 && y < height; y++) {
        const uint8_t *from = rows + (size_t)y * (n + 1);
        uint8_t *row = rows + (size_t)y * n;
        int filter = *from;
        if (filter >= FILTERS)
            break;
        memmove(row, from + 1, n);
        switch (bpp) { // the usual ones become loops of their own
        case 1: undo(row, above, n, 1, filter); break;
        case 3: undo(row, above, n, 3, filter); break;
        default: undo(row, above, n, bpp, filter);
        }
        above = row;
    }
    free(none);
    return y;
}
