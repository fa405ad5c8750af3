import 'dossier';
