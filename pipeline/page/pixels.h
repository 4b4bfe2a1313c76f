// What is done with every pixel of a page, many at a time. Pictures are leptonica's: rows of 32-bit
// words, the leftmost pixel in the highest bits.
#include <stddef.h>
#include <stdint.h>
#include <leptonica/allheaders.h>

// Compiled twice where the compiler can, for processors that take 32 bytes at a time too; the loader chooses.
#if defined(__x86_64__) && defined(__gnu_linux__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

// pixels_from_jpeg returns the picture in a JPEG of one, three or four components, 8 or 32 bits a pixel, and how often
// the decoder met data that cannot be right; NULL if it can make nothing of it. Four components are inks, or their
// complements, which become colours.
PIX *pixels_from_jpeg(const uint8_t *jpeg, size_t size, int complement, int *warnings);

// pixels_swap turns a row of words into bytes from left to right, or back.
void pixels_swap(uint32_t *to, const uint32_t *from, int words);

// pixels_to_jpeg returns a picture of 8 or 32 bits as baseline JPEG, to be given back with free; NULL if it failed.
uint8_t *pixels_to_jpeg(PIX *picture, int quality, unsigned long *size);

// pixels_lightest fills a picture of 8 bits with the lightest of the three colours of one of 32, of the same size.
void pixels_lightest(PIX *grey, const PIX *colour);

// pixels_shrink fills a smaller picture of 8 or 32 bits from a larger one of as many: each pixel is the mean of the area that it
// covers, the area's edges counting for as much as it covers of them. 0 if there was no memory for it.
int pixels_shrink(PIX *small, const PIX *large);

// pixels_halve fills a picture of 8 bits, half as wide and high as another, rounded down: each pixel is the mean of four, rounded down.
void pixels_halve(PIX *half, const PIX *grey);

// pixels_count adds to counts[v] how many of every step-th pixel of every step-th row of a picture of 8 bits have the level v.
void pixels_count(const PIX *grey, int step, int64_t counts[256]);

// pixels_darker fills a picture of 1 bit with the pixels of one of 8 bits below level, 1 to 255. 0 if
// there was no memory for it.
int pixels_darker(PIX *black, const PIX *grey, int level);

// pixels_level multiplies each pixel of a picture of 8 bits by the factor, in 256ths, of its tile of so many pixels; tiles
// beyond the map have the factor of the last. It fills a picture of the same size. 0 if there was no
// memory for it.
int pixels_level(PIX *even, const PIX *grey, const PIX *factors, int across, int down);

// pixels_near fills a picture of 8 bits with those pixels of another that lie within reach, 1 to 31, of a black pixel
// of one of 1 bit, paper and what is lighter become white; all others are white. All are of the same size. 0 if there was no
// memory for it.
int pixels_near(PIX *white, const PIX *grey, const PIX *ink, int reach, int paper);

// pixels_open fills a picture of 1 bit with what a brick of so many pixels across and down fits into, of another of the same
// size; pixels_close with what no such brick fits beside. Around the picture all is white. 0 if there was no memory for it.
int pixels_open(PIX *to, const PIX *from, int across, int down);
int pixels_close(PIX *to, const PIX *from, int across, int down);

// pixels_rising counts on a page of 1 bit, 150 to 300 pixels an inch, where strokes rise above the row of letters
// that they belong to and where they descend below it. 0 if there was no memory for it.
int pixels_rising(const PIX *page, int64_t *ascending, int64_t *descending);

// pixels_marks says of every step-th pixel of every step-th row of a picture of 32 bits what ink is there, in bytes from left to
// right: 1 red, 2 blue, 4 darker than dark and neither, and 8 with any of them where red or blue is clear enough to be text. 0 if
// there was no memory for it.
int pixels_marks(PIX *marks, const PIX *colour, int step, int dark);

// pixels_predict writes a row of n samples, bpp bytes to the pixel on the left, through each of the five filters of PNG, one after the
// other, each behind its number, n + 1 bytes; and returns the one from 1 on whose differences have the smallest sum. Before row and
// above lie bpp bytes of zeros.
int pixels_predict(uint8_t *to, const uint8_t *row, const uint8_t *above, int n, int bpp);

// pixels_unpredict undoes the filters of height rows, n bytes each behind the filter's number, and leaves them without it, one
// after the other. It returns in which row, from 0 on, it met a filter that is none; -1 if there was no memory for it.
int pixels_unpredict(uint8_t *rows, int n, int height, int bpp);
