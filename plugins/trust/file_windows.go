package trust

// openNonblock is nothing: a folder of Windows holds no pipes.
const openNonblock = 0
