#include "pixels.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>
#include <jerror.h>

// The order of colours that makes a pixel one of leptonica's words.
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define WORDS JCS_EXT_XBGR
#else
#define WORDS JCS_EXT_RGBX
#endif

// The library ends the process at an error unless it is left by a jump.
struct errors {
    struct jpeg_error_mgr as;
    jmp_buf out;
};

static void leave(j_common_ptr c) { longjmp(((struct errors *)c->err)->out, 1); }

// How many bytes may be left over at the end of a scan: more are where codes were misread.
#define FILLED 2

// note counts what spoils pixels: not odd markers, nor bytes before the picture.
static void note(j_common_ptr c, int level)
{
    if (level >= 0)
        return;
    switch (c->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
        c->err->num_warnings += ((j_decompress_ptr)c)->input_scan_number > 0 && c->err->msg_parm.i[0] > FILLED;
        break;
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
        c->err->num_warnings++;
    }
}

static struct jpeg_error_mgr *set(struct errors *e)
{
    struct jpeg_error_mgr *as = jpeg_std_error(&e->as);
    as->error_exit = leave;
    as->emit_message = note;
    return as;
}

static uint8_t *row(PIX *p, int y) { return (uint8_t *)(p->data + (size_t)y * p->wpl); }

// mix turns a line of four inks into colours.
static void mix(PIX *p, int y, const uint8_t *inks, int complement)
{
    uint32_t *words = p->data + (size_t)y * p->wpl;
    for (uint32_t x = 0; x < p->w; x++, inks += 4) {
        uint32_t left[4]; // of the paper's light, behind each ink
        for (int i = 0; i < 4; i++)
            left[i] = complement ? inks[i] : 255 - inks[i];
        words[x] = left[0] * left[3] / 255 << 24 | left[1] * left[3] / 255 << 16 | left[2] * left[3] / 255 << 8;
    }
}

// decode fills *picture; it is left by a jump at an error.
static void decode(struct jpeg_decompress_struct *c, const uint8_t *jpeg, size_t size, int complement, PIX *volatile *picture)
{
    jpeg_mem_src(c, jpeg, size);
    jpeg_read_header(c, TRUE);
    int inks = c->num_components == 4;
    if (c->num_components != 1 && c->num_components != 3 && !inks)
        return;
    c->out_color_space = c->num_components == 1 ? JCS_GRAYSCALE : inks ? JCS_CMYK : WORDS;
    jpeg_start_decompress(c);
    *picture = pixCreateNoInit(c->output_width, c->output_height, c->num_components == 1 ? 8 : 32);
    if (!*picture)
        return;
    JSAMPARRAY line = inks ? c->mem->alloc_sarray((j_common_ptr)c, JPOOL_IMAGE, 4 * c->output_width, 1) : NULL;
    while (c->output_scanline < c->output_height) {
        int y = c->output_scanline;
        JSAMPROW at = inks ? line[0] : row(*picture, y);
        jpeg_read_scanlines(c, &at, 1);
        if (inks)
            mix(*picture, y, at, complement);
    }
    jpeg_finish_decompress(c);
    if (c->num_components == 1)
        pixEndianByteSwap(*picture);
}

PIX *pixels_from_jpeg(const uint8_t *jpeg, size_t size, int complement, int *warnings)
{
    struct jpeg_decompress_struct c = {0};
    struct errors e;
    PIX *volatile picture = NULL;
    c.err = set(&e);
    jpeg_create_decompress(&c);
    if (setjmp(e.out)) {
        PIX *half = picture;
        pixDestroy(&half);
        picture = NULL;
    } else {
        decode(&c, jpeg, size, complement, &picture);
    }
    *warnings = e.as.num_warnings;
    jpeg_destroy_decompress(&c);
    return picture;
}

static void encode(struct jpeg_compress_struct *c, PIX *picture, int quality, uint8_t **jpeg, unsigned long *size)
{
    jpeg_mem_dest(c, jpeg, size);
    c->image_width = picture->w;
    c->image_height = picture->h;
    c->input_components = picture->d / 8;
    c->in_color_space = picture->d == 8 ? JCS_GRAYSCALE : WORDS;
    jpeg_set_defaults(c);
    jpeg_set_quality(c, quality, TRUE);
    jpeg_start_compress(c, TRUE);
    while (c->next_scanline < c->image_height) {
        JSAMPROW at = row(picture, c->next_scanline);
        jpeg_write_scanlines(c, &at, 1);
    }
    jpeg_finish_compress(c);
}

uint8_t *pixels_to_jpeg(PIX *picture, int quality, unsigned long *size)
{
    struct jpeg_compress_struct c = {0};
    struct errors e;
    uint8_t *jpeg = NULL;
    PIX *bytes = picture->d == 8 ? pixEndianByteSwapNew(picture) : pixClone(picture);
    volatile int done = 0;
    *size = 0;
    c.err = set(&e);
    jpeg_create_compress(&c);
    if (bytes && !setjmp(e.out)) {
        encode(&c, bytes, quality, &jpeg, size);
        done = 1;
    }
    jpeg_destroy_compress(&c);
    pixDestroy(&bytes);
    return done ? jpeg : NULL;
}
