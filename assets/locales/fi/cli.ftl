# Komentorivi.
