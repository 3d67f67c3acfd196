# Koulutus ja sen virheet.
