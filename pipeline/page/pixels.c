#include "pixels.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

WIDE void pixels_swap(uint32_t *to, const uint32_t *from, int words)
{
    for (int i = 0; i < words; i++)
        to[i] = be32toh(from[i]);
}

// Where the leftmost of the four pixels of a word lies in memory.
#if __BYTE_ORDER == __LITTLE_ENDIAN
#define FIRST 3
#else
#define FIRST 0
#endif

static uint8_t larger(uint8_t a, uint8_t b) { return a > b ? a : b; }

WIDE void pixels_lightest(PIX *grey, const PIX *colour)
{
    int width = colour->w;
    for (int y = 0; y < (int)colour->h; y++) {
        const uint32_t *from = colour->data + (size_t)y * colour->wpl;
        uint32_t *to = grey->data + (size_t)y * grey->wpl;
        uint8_t *bytes = (uint8_t *)to;
        to[grey->wpl - 1] = 0;
        for (int x = 0; x < width; x++)
            bytes[x] = larger(larger(from[x] >> 24, from[x] >> 16), from[x] >> 8);
        pixels_swap(to, to, grey->wpl);
    }
}

void pixels_count(const PIX *grey, int step, int64_t counts[256])
{
    int32_t part[4][256] = {{0}}; // several, so that equal neighbours need not wait for each other
    for (int y = 0; y < (int)grey->h; y += step) {
        const uint8_t *row = (const uint8_t *)(grey->data + (size_t)y * grey->wpl);
        for (int x = 0, k = 0; x < (int)grey->w; x += step, k++)
            part[k % 4][row[x ^ FIRST]]++;
    }
    for (int v = 0; v < 256; v++)
        counts[v] += (int64_t)part[0][v] + part[1][v] + part[2][v] + part[3][v];
}

WIDE static void compare(uint8_t *restrict is, const uint8_t *restrict row, uint8_t level, int width)
{
    for (int x = 0; x < width; x++)
        is[x] = row[x] < level;
}

int pixels_darker(PIX *black, const PIX *grey, int level)
{
    int width = grey->w, whole = ((int)grey->wpl * 4 + 31) / 32 * 32;
    uint32_t *row = malloc(whole);
    uint8_t *is = calloc(whole, 1);
    int done = row && is;
    for (int y = 0; done && y < (int)grey->h; y++) {
        uint32_t *to = black->data + (size_t)y * black->wpl;
        uint8_t *bits = (uint8_t *)to;
        pixels_swap(row, grey->data + (size_t)y * grey->wpl, grey->wpl);
        compare(is, (uint8_t *)row, level, width);
        for (int i = 0; i < (int)black->wpl * 4; i++) {
            uint64_t eight;
            memcpy(&eight, is + 8 * i, 8);
            bits[i] = le64toh(eight) * 0x8040201008040201 >> 56; // the first of eight in the highest bit
        }
        pixels_swap(to, to, black->wpl);
    }
    free(row);
    free(is);
    return done;
}

WIDE static void times(uint8_t *restrict row, const uint16_t *restrict factors, int width)
{
    for (int x = 0; x < width; x++) {
        uint32_t v = (uint32_t)row[x] * factors[x] >> 8;
        row[x] = v < 255 ? v : 255;
    }
}

int pixels_level(PIX *even, const PIX *grey, const PIX *factors, int across, int down)
{
    int width = grey->w, last = -1;
    uint16_t *factor = malloc(sizeof(uint16_t) * width);
    for (int y = 0; factor && y < (int)grey->h; y++) {
        int at = y / down < (int)factors->h ? y / down : (int)factors->h - 1;
        const uint32_t *tiles = factors->data + (size_t)at * factors->wpl;
        uint32_t *to = even->data + (size_t)y * even->wpl;
        for (int x = 0; at != last && x < width; x++) {
            int tile = x / across < (int)factors->w ? x / across : (int)factors->w - 1;
            factor[x] = tiles[tile / 2] >> (tile % 2 ? 0 : 16);
        }
        last = at;
        pixels_swap(to, grey->data + (size_t)y * grey->wpl, grey->wpl);
        times((uint8_t *)to, factor, width);
        pixels_swap(to, to, even->wpl);
    }
    int done = factor != NULL;
    free(factor);
    return done;
}

// widen sets to the bits of a row that have one set within reach in the row before it; a word of none stands at either end of both.
WIDE static void widen(uint32_t *restrict wide, const uint32_t *restrict row, int reach, int words)
{
    memcpy(wide, row, sizeof(uint32_t) * words);
    for (int s = 1; s <= reach; s++)
        for (int i = 0; i < words; i++)
            wide[i] |= row[i] >> s | row[i - 1] << (32 - s) | row[i] << s | row[i + 1] >> (32 - s);
}

WIDE static void unite(uint32_t *restrict all, const uint32_t *restrict row, int words)
{
    for (int i = 0; i < words; i++)
        all[i] |= row[i];
}

// keep makes those of 32 pixels white whose bits are not set, and gives the others the level that stands for theirs.
static void keep(uint8_t *row, uint32_t near, const uint8_t levels[256])
{
    for (int x = 0; x < 32; x++)
        row[x] = near >> (31 - x) & 1 ? levels[row[x]] : 255;
}

int pixels_near(PIX *white, const PIX *grey, const PIX *ink, int reach, int paper)
{
    int words = ink->wpl, height = ink->h, done = 0;
    uint32_t last = ~(uint32_t)0 << (31 - (ink->w - 1) % 32);
    uint8_t levels[256];
    for (int v = 0; v < 256; v++)
        levels[v] = v < paper ? (int)(255. * ((float)v / (float)paper) + 0.5) : 255;
    uint32_t *row = calloc(words + 2, sizeof(uint32_t)), *near = malloc(sizeof(uint32_t) * words);
    uint32_t *wide = malloc(sizeof(uint32_t) * words * height), *shades = malloc((size_t)32 * words);
    if (row && near && wide && shades) {
        for (int y = 0; y < height; y++) {
            memcpy(row + 1, ink->data + (size_t)y * words, sizeof(uint32_t) * words);
            row[words] &= last;
            widen(wide + (size_t)y * words, row + 1, reach, words);
        }
        for (int y = 0; y < height; y++) {
            memset(near, 0, sizeof(uint32_t) * words);
            for (int k = y > reach ? y - reach : 0; k <= y + reach && k < height; k++)
                unite(near, wide + (size_t)k * words, words);
            pixels_swap(shades, grey->data + (size_t)y * grey->wpl, grey->wpl);
            for (int i = 0; i < words; i++)
                if (near[i])
                    keep((uint8_t *)(shades + 8 * i), near[i], levels);
                else
                    memset(shades + 8 * i, 255, 32);
            pixels_swap(white->data + (size_t)y * white->wpl, shades, white->wpl);
        }
        done = 1;
    }
    free(row);
    free(near);
    free(wide);
    free(shades);
    return done;
}

// marks says of pixels which colours their ink has.
WIDE static void mark(uint8_t *restrict marks, const uint32_t *restrict row, int dark, int n)
{
    for (int x = 0; x < n; x++) {
        int r = row[x] >> 24, g = row[x] >> 16 & 255, b = row[x] >> 8 & 255;
        int gb = g > b ? g : b, rgb = r > gb ? r : gb, least = g < b ? g : b;
        int red = (r - gb > 55) & (least < 170), blue = !red & (b - r > 30) & (r < 190);
        int clear = ((r > 110) | (b > 110)) & ((r - gb > 60) | (b - r > 60)); // yellowed paper is neither
        marks[x] = red | blue << 1 | (!red & !blue & (rgb < dark)) << 2 | clear << 3;
    }
}

int pixels_marks(PIX *marks, const PIX *colour, int step, int dark)
{
    int across = marks->w;
    uint32_t *row = malloc(sizeof(uint32_t) * across);
    for (int y = 0; row && y < (int)marks->h; y++) {
        const uint32_t *from = colour->data + (size_t)y * step * colour->wpl;
        for (int x = 0; x < across; x++)
            row[x] = from[x * step];
        mark((uint8_t *)(marks->data + (size_t)y * marks->wpl), row, dark, across);
    }
    int done = row != NULL;
    free(row);
    return done;
}
