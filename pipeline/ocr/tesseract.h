// What of libtesseract is called, in C.
#include <leptonica/allheaders.h>

#ifdef __cplusplus
extern "C" {
#endif

// sohoa_open returns an engine for languages joined by "+", NULL if their models cannot
// be loaded. sohoa_close gives it back.
void *sohoa_open(const char *languages);
void sohoa_close(void *engine);

// sohoa_set sets a variable; 0 if there is none of that name.
int sohoa_set(void *engine, const char *name, const char *value);

// sohoa_read reads a picture in a mode of page segmentation. It returns one line of text
// for each line found, "L block left top right bottom size slope offset", and below it
// one for each of its words, "W left top right bottom confidence word"; NULL on failure.
// The caller frees it.
char *sohoa_read(void *engine, PIX *picture, int mode);

#ifdef __cplusplus
}
#endif
