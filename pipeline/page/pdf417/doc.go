// Package pdf417 reads PDF417 symbols (ISO/IEC 15438), whole or truncated.
//
// It knows nothing of pictures. Who has the page finds where a symbol starts
// ([Starts]), gives the edges along lines that run with its rows, from top to
// bottom ([Symbol.Add]), and asks what they say together ([Symbol.Read]): lines that
// are torn, askew or blurred lose codewords, and the error correction gives them back.
package pdf417
